import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CallerNow, type Caller } from '../platform/access/caller.js';
import { Id } from '../platform/http/id.js';
import { Keyed, type KeyedRequest } from '../platform/access/idempotency.js';
import { AmendmentPage, AmendmentQuery, AmendmentView, DraftAmendment, WithdrawDraft } from './amendments.dto.js';
import { Amendments } from './amendments.service.js';
import { ForOffices, SignedIn } from '../platform/access/may-call.js';

@ApiTags('calendar')
@ApiBearerAuth()
@Controller('calendar/amendments')
export class AmendmentsController {
  constructor(private readonly amendments: Amendments) {}

  /**
   * Drafts a version of a year's calendar and shows what it would do to the open tasks. Nothing moves before another person approves it.
   */
  @ForOffices('authoritySupervisor', 'operator')
  @Post()
  draft(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Body() body: DraftAmendment): Promise<AmendmentView> {
    return this.amendments.draft(caller, keyed, body);
  }

  /** Lists drafts and approved versions, latest first. */
  @SignedIn()
  @Get()
  list(@CallerNow() caller: Caller, @Query() query: AmendmentQuery): Promise<AmendmentPage> {
    return this.amendments.list(caller, query);
  }

  /** Shows one version: a draft with what it would do now, an approved one with how far the open tasks have followed. */
  @SignedIn()
  @Get(':id')
  show(@CallerNow() caller: Caller, @Id() id: string): Promise<AmendmentView> {
    return this.amendments.show(caller, id);
  }

  /** A second person puts a draft into force. The deadlines of open tasks move within seconds (A8). */
  @ForOffices('authoritySupervisor', 'operator')
  @Post(':id/approval')
  @HttpCode(200)
  approve(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Id() id: string): Promise<AmendmentView> {
    return this.amendments.approve(caller, keyed, id);
  }

  /** Withdraws a draft, with a reason, for anybody who may draft for that calendar. The draft stays on record and is never approved. */
  @ForOffices('authoritySupervisor', 'operator')
  @Post(':id/withdrawal')
  @HttpCode(200)
  withdraw(
    @CallerNow() caller: Caller,
    @Keyed() keyed: KeyedRequest,
    @Id() id: string,
    @Body() body: WithdrawDraft,
  ): Promise<AmendmentView> {
    return this.amendments.withdraw(caller, keyed, id, body);
  }
}
