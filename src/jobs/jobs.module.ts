import { Module } from '@nestjs/common';
import { AccessModule } from '../platform/access/access.module.js';
import { JobsController } from './jobs.controller.js';
import { Jobs } from './jobs.service.js';

/** 后台作业: what takes longer than an answer may. */
@Module({ imports: [AccessModule], controllers: [JobsController], providers: [Jobs], exports: [Jobs] })
export class JobsModule {}
