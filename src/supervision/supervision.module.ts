import { Module } from '@nestjs/common';
import { CasesModule } from '../cases/cases.module.js';
import { AccessModule } from '../platform/access/access.module.js';
import { SchoolTermsModule } from '../school-terms/school-terms.module.js';
import { TasksModule } from '../tasks/tasks.module.js';
import { Bulletin } from './bulletin.service.js';
import { IrregularitiesController } from './irregularities.controller.js';
import { Irregularities } from './irregularities.service.js';
import { Overdue } from './overdue.service.js';
import { Stale } from './stale.service.js';
import { SupervisionController } from './supervision.controller.js';

/** 督查: what is overdue or stale, the bulletin, and the register of irregularities. */
@Module({
  imports: [AccessModule, CasesModule, SchoolTermsModule, TasksModule],
  controllers: [SupervisionController, IrregularitiesController],
  providers: [Overdue, Stale, Bulletin, Irregularities],
})
export class SupervisionModule {}
