import { Module } from '@nestjs/common';
import { CalendarModule } from '../calendar/calendar.module.js';
import { CasesModule } from '../cases/cases.module.js';
import { AccessModule } from '../platform/access/access.module.js';
import { PoliciesModule } from '../policies/policies.module.js';
import { ChangeKindsController } from './change-kinds.controller.js';
import { Filing } from './filing.service.js';
import { NotesController } from './notes.controller.js';
import { Notes } from './notes.service.js';
import { RequestsController } from './requests.controller.js';
import { Requests } from './requests.service.js';

/** 异动申请: filing, reading and the filer's moves; the kinds of change; what is noted beside a case. */
@Module({
  imports: [AccessModule, CalendarModule, CasesModule, PoliciesModule],
  controllers: [RequestsController, ChangeKindsController, NotesController],
  providers: [Filing, Requests, Notes],
  exports: [Filing, Requests],
})
export class RequestsModule {}
