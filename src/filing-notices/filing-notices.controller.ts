import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CallerNow, type Caller } from '../platform/access/caller.js';
import { Id } from '../platform/http/id.js';
import { Keyed, type KeyedRequest } from '../platform/access/idempotency.js';
import { FilingNoticePage, FilingNoticeQuery, FilingNoticeView, FilingNoticeAnswer, FilingNoticeQuestion } from './filing-notices.dto.js';
import { FilingNotices } from './filing-notices.service.js';
import { ReadersOf, JudgedFor } from '../platform/access/may-call.js';

@ApiTags('filing notices')
@ApiBearerAuth()
@Controller('filing-notices')
export class FilingNoticesController {
  constructor(private readonly notices: FilingNotices) {}

  /** 备案: lists the reports of cross-province transfers to the caller's provinces or by the caller's schools, latest first (Art 14). */
  @ReadersOf('contents')
  @Get()
  list(@CallerNow() caller: Caller, @Query() query: FilingNoticeQuery): Promise<FilingNoticePage> {
    return this.notices.list(caller, query);
  }

  /** 回执: the province's reviewer acknowledges the report, once. Nothing waits for it, because the transfer has taken effect. */
  @JudgedFor('authorityReviewer')
  @Post(':id/receipt')
  @HttpCode(200)
  receive(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Id() id: string): Promise<FilingNoticeView> {
    return this.notices.receive(caller, keyed, id);
  }

  /** 质询: the province's reviewer asks the school for particulars that are missing. The query stops nothing. */
  @JudgedFor('authorityReviewer')
  @Post(':id/query')
  @HttpCode(200)
  query(
    @CallerNow() caller: Caller,
    @Keyed() keyed: KeyedRequest,
    @Id() id: string,
    @Body() body: FilingNoticeQuestion,
  ): Promise<FilingNoticeView> {
    return this.notices.query(caller, keyed, id, body);
  }

  /** The school that reported answers the query. */
  @JudgedFor('schoolClerk', 'schoolReviewer', 'authoritySupervisor')
  @Post(':id/answer')
  @HttpCode(200)
  answer(
    @CallerNow() caller: Caller,
    @Keyed() keyed: KeyedRequest,
    @Id() id: string,
    @Body() body: FilingNoticeAnswer,
  ): Promise<FilingNoticeView> {
    return this.notices.answer(caller, keyed, id, body);
  }
}
