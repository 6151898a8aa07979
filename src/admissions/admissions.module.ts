import { Module } from '@nestjs/common';
import { CalendarModule } from '../calendar/calendar.module.js';
import { EvidenceModule } from '../evidence/evidence.module.js';
import { AccessModule } from '../platform/access/access.module.js';
import { PoliciesModule } from '../policies/policies.module.js';
import { AdmissionsController } from './admissions.controller.js';
import { Admissions } from './admissions.service.js';

/** 录取名册: who was admitted, and who of them reported. */
@Module({
  imports: [AccessModule, CalendarModule, EvidenceModule, PoliciesModule],
  controllers: [AdmissionsController],
  providers: [Admissions],
})
export class AdmissionsModule {}
