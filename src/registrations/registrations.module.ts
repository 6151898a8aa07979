import { Module } from '@nestjs/common';
import { CasesModule } from '../cases/cases.module.js';
import { IdentityModule } from '../identity/identity.module.js';
import { AccessModule } from '../platform/access/access.module.js';
import { PoliciesModule } from '../policies/policies.module.js';
import { RegistrationsController } from './registrations.controller.js';
import { Registrations } from './registrations.service.js';

/** 注册: how a student gets a dossier and a number. */
@Module({
  imports: [AccessModule, CasesModule, IdentityModule, PoliciesModule],
  controllers: [RegistrationsController],
  providers: [Registrations],
})
export class RegistrationsModule {}
