import { Module } from '@nestjs/common';
import { AccessModule } from '../platform/access/access.module.js';
import { StatisticsController } from './statistics.controller.js';
import { Statistics } from './statistics.service.js';

/** 统计: figures of enrolments on a day, and of what moved in a school year. */
@Module({ imports: [AccessModule], controllers: [StatisticsController], providers: [Statistics] })
export class StatisticsModule {}
