import { Module } from '@nestjs/common';
import { CasesModule } from '../cases/cases.module.js';
import { EvidenceModule } from '../evidence/evidence.module.js';
import { IdentityModule } from '../identity/identity.module.js';
import { AccessModule } from '../platform/access/access.module.js';
import { PoliciesModule } from '../policies/policies.module.js';
import { IntakesController } from './intakes.controller.js';
import { RowCorrections } from './corrections.service.js';
import { Intakes } from './intakes.service.js';
import { PhotographsController } from './photographs.controller.js';
import { Photographs } from './photographs.service.js';

/** 招生批次: how the new students of a school are registered together. */
@Module({
  imports: [AccessModule, CasesModule, EvidenceModule, IdentityModule, PoliciesModule],
  controllers: [IntakesController, PhotographsController],
  providers: [Intakes, Photographs, RowCorrections],
  exports: [Intakes],
})
export class IntakesModule {}
