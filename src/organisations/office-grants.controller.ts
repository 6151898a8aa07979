import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CallerNow, type Caller } from '../platform/access/caller.js';
import { Id } from '../platform/http/id.js';
import { Keyed, type KeyedRequest } from '../platform/access/idempotency.js';
import { ForOffices } from '../platform/access/may-call.js';
import { OfficeGrantPage, OfficeGrantQuery, OfficeGrantView, RefuseGrant } from './office-grants.dto.js';
import { OfficeGrants } from './office-grants.service.js';

/** Offices that wait for a second administrator 待确认的任职. */
@ApiTags('organisations')
@ApiBearerAuth()
@ForOffices('orgAdmin')
@Controller('office-grants')
export class OfficeGrantsController {
  constructor(private readonly grants: OfficeGrants) {}

  /** Lists the offices that were proposed at the caller's organisations and below, for those who propose and for those who may confirm. */
  @Get()
  list(@CallerNow() caller: Caller, @Query() query: OfficeGrantQuery): Promise<OfficeGrantPage> {
    return this.grants.list(caller, query);
  }

  /**
   * A second administrator of the organisation, or one of a superior, confirms an office 确认任职. The office begins now, or later as
   * proposed. Neither the proposer nor the person concerned may confirm. Nor may a person whose account the proposer entered or whose
   * password either of the two reset for the other.
   */
  @Post(':id/confirmation')
  @HttpCode(200)
  confirm(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Id() id: string): Promise<OfficeGrantView> {
    return this.grants.confirm(caller, keyed, id);
  }

  /** An administrator of the organisation or of a superior refuses an office; the proposer withdraws it so 不予确认. */
  @Post(':id/refusal')
  @HttpCode(200)
  refuse(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Id() id: string, @Body() body: RefuseGrant): Promise<OfficeGrantView> {
    return this.grants.refuse(caller, keyed, id, body);
  }
}
