import { Module } from '@nestjs/common';
import { CasesModule } from '../cases/cases.module.js';
import { AccessModule } from '../platform/access/access.module.js';
import { PoliciesModule } from '../policies/policies.module.js';
import { DataChecksController } from './data-checks.controller.js';
import { Doubts } from './doubts.service.js';
import { Samples } from './samples.service.js';
import { StatementsController } from './statements.controller.js';
import { Statements } from './statements.service.js';

/** 数据核查: what rules doubt of dossiers, what schools answer, and what they state of their data each term. */
@Module({
  imports: [AccessModule, CasesModule, PoliciesModule],
  controllers: [StatementsController, DataChecksController],
  providers: [Doubts, Samples, Statements],
})
export class DataChecksModule {}
