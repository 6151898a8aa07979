import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CallerNow, type Caller } from '../platform/access/caller.js';
import { PerMinute } from '../platform/access/rate-limit.js';
import { Id } from '../platform/http/id.js';
import { Keyed, type KeyedRequest } from '../platform/access/idempotency.js';
import {
  FileRequest,
  PrecheckRequest,
  PrecheckView,
  RecallRequest,
  RequestQuery,
  RequestSearch,
  SupplementRequest,
} from './requests.dto.js';
import { ChangeRequestDetail, ChangeRequestPage, ChangeRequestView } from './request-views.dto.js';
import { Requests } from './requests.service.js';
import { ForOffices, ForServices, JudgedFor, ReadersOf } from '../platform/access/may-call.js';
import { FILERS_OFFICES } from '../domain/offices.js';

/** A filer for another school's student names the student. The rate is limited, because guessing would pay. */
const namesAStudent = (body: unknown): boolean => (body as { kind?: unknown } | undefined)?.kind === 'crossTrackTransfer';

const NAMING = { address: 120, person: 60, organisation: 300 };

@ApiTags('change requests')
@ApiBearerAuth()
@Controller('change-requests')
export class RequestsController {
  constructor(private readonly requests: Requests) {}

  /** Files a request 发起异动申请. */
  @ForOffices(...FILERS_OFFICES)
  @ForServices('filing')
  @Post()
  @PerMinute('naming', NAMING, namesAStudent)
  file(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Body() body: FileRequest): Promise<ChangeRequestView> {
    return this.requests.file(caller, keyed, body);
  }

  /** Lists every reason why the request could not be filed now, with who clears it and how. Nothing is filed. */
  @ForOffices(...FILERS_OFFICES)
  @ForServices('filing')
  @Post('precheck')
  @PerMinute('naming', NAMING, namesAStudent)
  @HttpCode(200)
  precheck(@CallerNow() caller: Caller, @Body() body: PrecheckRequest): Promise<PrecheckView> {
    return this.requests.precheck(caller, body);
  }

  /** Lists the requests that concern the caller's organisations or those below them, newest first. */
  @ReadersOf('cases')
  @Get()
  list(@CallerNow() caller: Caller, @Query() query: RequestQuery): Promise<ChangeRequestPage> {
    return this.requests.list(caller, query);
  }

  /** Searches the same list by a student's name or student number too, which no address may hold. */
  @ReadersOf('contents')
  @ForServices('reading')
  @Post('search')
  @PerMinute('lookup', { address: 120, person: 60, organisation: 300 })
  @HttpCode(200)
  search(@CallerNow() caller: Caller, @Body() { student, ...query }: RequestSearch): Promise<ChangeRequestPage> {
    return this.requests.list(caller, query, student);
  }

  /** Shows one request with its timeline. */
  @ReadersOf('cases')
  @Get(':id')
  show(@CallerNow() caller: Caller, @Id() id: string): Promise<ChangeRequestDetail> {
    return this.requests.show(caller, id);
  }

  /** 撤回: the filer recalls the request, before its last approval or while it waits for its day of effect. */
  @JudgedFor(...FILERS_OFFICES)
  @ForServices('filing')
  @Post(':id/recall')
  @HttpCode(200)
  recall(
    @CallerNow() caller: Caller,
    @Keyed() keyed: KeyedRequest,
    @Id() id: string,
    @Body() body: RecallRequest,
  ): Promise<ChangeRequestView> {
    return this.requests.recall(caller, keyed, id, body);
  }

  /** 补正: the filer hands in what a return asked for. */
  @JudgedFor('schoolClerk', 'authorityReviewer')
  @ForServices('filing')
  @Post(':id/supplement')
  @HttpCode(200)
  supplement(
    @CallerNow() caller: Caller,
    @Keyed() keyed: KeyedRequest,
    @Id() id: string,
    @Body() body: SupplementRequest,
  ): Promise<ChangeRequestView> {
    return this.requests.supplement(caller, keyed, id, body);
  }

  /** 催办: the filer asks the holder to hurry, once a day. */
  @JudgedFor(...FILERS_OFFICES)
  @ForServices('filing')
  @Post(':id/urge')
  @HttpCode(200)
  urge(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Id() id: string): Promise<ChangeRequestView> {
    return this.requests.urge(caller, keyed, id);
  }
}
