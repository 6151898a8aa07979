import { Module } from '@nestjs/common';
import { AccessModule } from '../platform/access/access.module.js';
import { ClassesController } from './classes.controller.js';
import { Classes } from './classes.service.js';

/** 班级: the classes of schools, and who is in them. */
@Module({ imports: [AccessModule], controllers: [ClassesController], providers: [Classes] })
export class ClassesModule {}
