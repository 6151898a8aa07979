import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CallerNow, type Caller } from '../platform/access/caller.js';
import { Id } from '../platform/http/id.js';
import { Keyed, type KeyedRequest } from '../platform/access/idempotency.js';
import { PageQuery } from '../platform/http/page.dto.js';
import { BatchFilingView } from '../requests/batch/batch-filing.dto.js';
import { CohortTransfer } from '../requests/batch/cohort.dto.js';
import { OrganisationChangePage, OrganisationChangeView, StartOrganisationChange } from './organisation-changes.dto.js';
import { OrganisationChanges } from './organisation-changes.service.js';
import { AnyOffice, ForOffices, JudgedFor } from '../platform/access/may-call.js';

@ApiTags('organisations')
@ApiBearerAuth()
@Controller('organisation-changes')
export class OrganisationChangesController {
  constructor(private readonly changes: OrganisationChanges) {}

  /** The supervisor of a competent or superior authority starts the merger 合并 or closure 撤销 of a school, with its document. */
  @ForOffices('authoritySupervisor')
  @Post()
  start(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Body() body: StartOrganisationChange): Promise<OrganisationChangeView> {
    return this.changes.start(caller, keyed, body);
  }

  /** Lists the mergers and closures of the caller's schools or of schools below the caller's authorities, latest first. */
  @AnyOffice()
  @Get()
  list(@CallerNow() caller: Caller, @Query() query: PageQuery): Promise<OrganisationChangePage> {
    return this.changes.list(caller, query);
  }

  /** Shows one merger or closure with its progress. */
  @AnyOffice()
  @Get(':id')
  show(@CallerNow() caller: Caller, @Id() id: string): Promise<OrganisationChangeView> {
    return this.changes.show(caller, id);
  }

  /** The supervisor of the authority that acts for a closed school files a transfer for each student of a cohort (A25). */
  @JudgedFor('authoritySupervisor')
  @Post(':id/cohort-transfers')
  @HttpCode(200)
  transfer(
    @CallerNow() caller: Caller,
    @Keyed() keyed: KeyedRequest,
    @Id() id: string,
    @Body() body: CohortTransfer,
  ): Promise<BatchFilingView> {
    return this.changes.transfer(caller, keyed, id, body);
  }
}
