import { Module } from '@nestjs/common';
import { AccessModule } from '../platform/access/access.module.js';
import { AmendmentsController } from './amendments.controller.js';
import { Amendments } from './amendments.service.js';
import { CalendarController } from './calendar.controller.js';
import { CalendarStore } from './calendar.store.js';
import { AnnouncementsController } from './announcements.controller.js';

/** 工作日历: the working-day calendars in force, their amendments, and the reading of an announcement. */
@Module({
  imports: [AccessModule],
  controllers: [AmendmentsController, CalendarController, AnnouncementsController],
  providers: [Amendments, CalendarStore],
  exports: [CalendarStore],
})
export class CalendarModule {}
