import { Module } from '@nestjs/common';
import { CasesModule } from '../cases/cases.module.js';
import { AccessModule } from '../platform/access/access.module.js';
import { PoliciesModule } from '../policies/policies.module.js';
import { ClerksWork } from './clerks-work.js';
import { Conversions } from './conversions.service.js';
import { GraduationReading } from './graduation-reading.service.js';
import { GraduationsController } from './graduations.controller.js';
import { Graduations } from './graduations.service.js';

/** 毕业、结业: how students leave a school with a diploma, or with less. */
@Module({
  imports: [AccessModule, CasesModule, PoliciesModule],
  controllers: [GraduationsController],
  providers: [ClerksWork, Graduations, GraduationReading, Conversions],
})
export class GraduationsModule {}
