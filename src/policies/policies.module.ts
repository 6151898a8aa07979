import { Module } from '@nestjs/common';
import { CalendarModule } from '../calendar/calendar.module.js';
import { AccessModule } from '../platform/access/access.module.js';
import { PoliciesController } from './policies.controller.js';
import { Policies } from './policies.service.js';
import { PolicyStore } from './policies.store.js';

/** Policies by province: the packs that settle what the regulation leaves open. */
@Module({
  imports: [AccessModule, CalendarModule],
  controllers: [PoliciesController],
  providers: [Policies, PolicyStore],
  exports: [PolicyStore],
})
export class PoliciesModule {}
