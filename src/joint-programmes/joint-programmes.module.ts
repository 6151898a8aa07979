import { Module } from '@nestjs/common';
import { AccessModule } from '../platform/access/access.module.js';
import { BatchFilingModule } from '../requests/batch/batch-filing.module.js';
import { JointProgrammesController } from './joint-programmes.controller.js';
import { JointProgrammes } from './joint-programmes.service.js';

/** 合作办学: agreements between schools, and the transfer of their cohorts. */
@Module({
  imports: [AccessModule, BatchFilingModule],
  controllers: [JointProgrammesController],
  providers: [JointProgrammes],
})
export class JointProgrammesModule {}
