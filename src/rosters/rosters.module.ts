import { Module } from '@nestjs/common';
import { CasesModule } from '../cases/cases.module.js';
import { EvidenceModule } from '../evidence/evidence.module.js';
import { IntakesModule } from '../intakes/intakes.module.js';
import { AccessModule } from '../platform/access/access.module.js';
import { PoliciesModule } from '../policies/policies.module.js';
import { RostersController } from './rosters.controller.js';
import { Rosters } from './rosters.service.js';

/** 新生名册: the new students of a school as a sheet. */
@Module({
  imports: [AccessModule, CasesModule, EvidenceModule, IntakesModule, PoliciesModule],
  controllers: [RostersController],
  providers: [Rosters],
})
export class RostersModule {}
