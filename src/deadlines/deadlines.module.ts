import { Module } from '@nestjs/common';
import { CalendarModule } from '../calendar/calendar.module.js';
import { AccessModule } from '../platform/access/access.module.js';
import { DeadlineExplanationController } from './deadline-explanations.controller.js';
import { DeadlineExplanations } from './deadline-explanations.service.js';

/** Explanations of deadlines. */
@Module({
  imports: [AccessModule, CalendarModule],
  controllers: [DeadlineExplanationController],
  providers: [DeadlineExplanations],
})
export class DeadlinesModule {}
