import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CallerNow, type Caller } from '../platform/access/caller.js';
import { Id } from '../platform/http/id.js';
import { Keyed, type KeyedRequest } from '../platform/access/idempotency.js';
import { ChangeRequestView } from '../requests/request-views.dto.js';
import { IncidentAcknowledgement, IncidentPage, IncidentQuery, IncidentView } from './incidents.dto.js';
import { Incidents } from './incidents.service.js';
import { Extension, ManyReroutes, OperatorReason, Pause, Reroute, RerouteAnswer } from './operations.dto.js';
import { Operations } from './operations.service.js';
import { Reroutes } from './reroutes.service.js';
import { ForOffices, JudgedFor } from '../platform/access/may-call.js';

/** Operators move a case. Each move has a reason and is on record. */
@ApiTags('operations')
@ApiBearerAuth()
@Controller()
export class OperationsController {
  constructor(
    private readonly operations: Operations,
    private readonly reroutes: Reroutes,
    private readonly found: Incidents,
  ) {}

  /** 终止办理: ends a request. After the last approval this is possible until the change takes effect. */
  @JudgedFor('operator')
  @Post('change-requests/:id/cancellation')
  @HttpCode(200)
  cancel(
    @CallerNow() caller: Caller,
    @Keyed() keyed: KeyedRequest,
    @Id() id: string,
    @Body() body: OperatorReason,
  ): Promise<ChangeRequestView> {
    return this.operations.cancel(caller, keyed, id, body);
  }

  /** 中止: pauses a request. Until it is continued nobody decides and no working day counts. */
  @JudgedFor('operator')
  @Post('change-requests/:id/pause')
  @HttpCode(200)
  pause(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Id() id: string, @Body() body: Pause): Promise<ChangeRequestView> {
    return this.operations.pause(caller, keyed, id, body);
  }

  /** 恢复办理: continues a paused request where it was, with the working days that were left. */
  @JudgedFor('operator')
  @Post('change-requests/:id/continuation')
  @HttpCode(200)
  continue(
    @CallerNow() caller: Caller,
    @Keyed() keyed: KeyedRequest,
    @Id() id: string,
    @Body() body: OperatorReason,
  ): Promise<ChangeRequestView> {
    return this.operations.continue(caller, keyed, id, body);
  }

  /**
   * 延长期限: gives an open task more working days. Reminders not sent yet follow the new due date; a reminder already sent is not repeated.
   */
  @JudgedFor('operator')
  @Post('change-requests/:id/deadline')
  @HttpCode(200)
  extend(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Id() id: string, @Body() body: Extension): Promise<ChangeRequestView> {
    return this.operations.extend(caller, keyed, id, body);
  }

  /** 改派: names another organisation to decide a step of this request. */
  @JudgedFor('operator')
  @Post('change-requests/:id/reroute')
  @HttpCode(200)
  reroute(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Id() id: string, @Body() body: Reroute): Promise<ChangeRequestView> {
    return this.operations.reroute(caller, keyed, id, body);
  }

  /** 重试: retries at once what is parked. */
  @JudgedFor('operator')
  @Post('change-requests/:id/retry')
  @HttpCode(200)
  retry(
    @CallerNow() caller: Caller,
    @Keyed() keyed: KeyedRequest,
    @Id() id: string,
    @Body() body: OperatorReason,
  ): Promise<ChangeRequestView> {
    return this.operations.retry(caller, keyed, id, body);
  }

  /** 批量改派: moves a step of all open requests from one organisation to another. Each request has its result. */
  @ForOffices('operator')
  @Post('operations/reroutes')
  @HttpCode(200)
  rerouteMany(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Body() body: ManyReroutes): Promise<RerouteAnswer> {
    return this.reroutes.many(caller, keyed, body);
  }

  /** Lists the runs of workflows that the reconciler found terminated, reset or lost. Each case was carried on from its ledger. */
  @ForOffices('operator')
  @Get('operations/incidents')
  incidents(@CallerNow() caller: Caller, @Query() query: IncidentQuery): Promise<IncidentPage> {
    return this.found.list(caller, query);
  }

  /** Acknowledges an incident, with what was found out or done. The first acknowledgement stands. */
  @ForOffices('operator')
  @Post('operations/incidents/acknowledgement')
  @HttpCode(200)
  acknowledge(@CallerNow() caller: Caller, @Body() body: IncidentAcknowledgement): Promise<IncidentView> {
    return this.found.acknowledge(caller, body);
  }
}
