import { Module } from '@nestjs/common';
import { CasesModule } from '../cases/cases.module.js';
import { AccessModule } from '../platform/access/access.module.js';
import { PoliciesModule } from '../policies/policies.module.js';
import { Batch } from './batch.service.js';
import { ConsultationsController } from './consultations.controller.js';
import { Consultations } from './consultations.service.js';
import { Delegations } from './delegations.service.js';
import { Inbox } from './inbox.service.js';
import { Retractions } from './retractions.service.js';
import { Subjects } from './subject.service.js';
import { SummaryController } from './summary.controller.js';
import { Summary } from './summary.service.js';
import { TasksController } from './tasks.controller.js';
import { Tasks } from './tasks.service.js';
import { Urges } from './urges.service.js';

/** 核办: the tasks of a case, from the inbox to the decision, with consultations and urges. */
@Module({
  imports: [AccessModule, CasesModule, PoliciesModule],
  controllers: [TasksController, ConsultationsController, SummaryController],
  providers: [Tasks, Inbox, Batch, Delegations, Retractions, Urges, Consultations, Subjects, Summary],
  exports: [Urges],
})
export class TasksModule {}
