import { Module } from '@nestjs/common';
import { JobsModule } from '../jobs/jobs.module.js';
import { AccessModule } from '../platform/access/access.module.js';
import { FigureExportsController } from './exports.controller.js';
import { FigureExports } from './exports.service.js';

/** 导出: large figures and lists as files, made by jobs. */
@Module({ imports: [AccessModule, JobsModule], controllers: [FigureExportsController], providers: [FigureExports] })
export class FigureExportsModule {}
