import { Module } from '@nestjs/common';
import { AccessModule } from '../platform/access/access.module.js';
import { BatchFilingModule } from '../requests/batch/batch-filing.module.js';
import { RequestsModule } from '../requests/requests.module.js';
import { OrganisationChangesController } from './organisation-changes.controller.js';
import { OrganisationChanges } from './organisation-changes.service.js';

/** 机构变更: mergers and closures of schools. */
@Module({
  imports: [AccessModule, BatchFilingModule, RequestsModule],
  controllers: [OrganisationChangesController],
  providers: [OrganisationChanges],
})
export class OrganisationChangesModule {}
