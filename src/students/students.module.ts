import { Module } from '@nestjs/common';
import { AccessModule } from '../platform/access/access.module.js';
import { Accesses } from './accesses.service.js';
import { Contact } from './contact.service.js';
import { Finding } from './finding.service.js';
import { Exports } from './exports.service.js';
import { ExportsController } from './exports.controller.js';
import { StudentsController } from './students.controller.js';
import { Unmaskings } from './unmaskings.service.js';
import { UnmaskingsController } from './unmaskings.controller.js';
import { Students } from './students.service.js';

/** 学籍: students, their dossiers, their contacts, and who has read of them. */
@Module({
  imports: [AccessModule],
  controllers: [ExportsController, StudentsController, UnmaskingsController],
  providers: [Students, Finding, Exports, Contact, Accesses, Unmaskings],
})
export class StudentsModule {}
