import { Module } from '@nestjs/common';
import { CasesModule } from '../cases/cases.module.js';
import { AccessModule } from '../platform/access/access.module.js';
import { Incidents } from './incidents.service.js';
import { OperationsController } from './operations.controller.js';
import { Operations } from './operations.service.js';
import { Reroutes } from './reroutes.service.js';

/** Moves of operators on cases, and incidents of runs. */
@Module({
  imports: [AccessModule, CasesModule],
  controllers: [OperationsController],
  providers: [Operations, Reroutes, Incidents],
})
export class OperationsModule {}
