import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiParam, ApiTags } from '@nestjs/swagger';
import { CallerNow, type Caller } from '../platform/access/caller.js';
import { Id } from '../platform/http/id.js';
import { Keyed, type KeyedRequest } from '../platform/access/idempotency.js';
import {
  DeclareFirstDay,
  RegisterTerm,
  RetractTerm,
  SchoolTermView,
  TermResultsView,
  UnregisteredPage,
  UnregisteredQuery,
} from './school-terms.dto.js';
import { SchoolTerms } from './school-terms.service.js';
import { ForServices, JudgedFor, ReadersOf } from '../platform/access/may-call.js';

@ApiTags('terms')
@ApiBearerAuth()
@ApiParam({ name: 'term', description: '学期 school year and first or second term, or `current`', example: '2026-1' })
@Controller('schools/:id/terms/:term')
export class SchoolTermsController {
  constructor(private readonly terms: SchoolTerms) {}

  /** Shows a term of a school: first day, last day to register and counts, for the school and the authorities above it. */
  @ReadersOf('contents')
  @Get()
  show(@CallerNow() caller: Caller, @Id() id: string, @Param('term') term: string): Promise<SchoolTermView> {
    return this.terms.show(caller, id, term);
  }

  /** 未注册名单: lists the students who are to be registered and are not. They are overdue from the day after the last one. */
  @ReadersOf('contents')
  @Get('unregistered')
  unregistered(
    @CallerNow() caller: Caller,
    @Id() id: string,
    @Param('term') term: string,
    @Query() query: UnregisteredQuery,
  ): Promise<UnregisteredPage> {
    return this.terms.unregistered(caller, id, term, query);
  }

  /** 开学日期: the school's clerk declares its own first day of the term, within the province's bounds, until the last day to register. */
  @JudgedFor('schoolClerk')
  @Post('first-day')
  @HttpCode(200)
  declare(
    @CallerNow() caller: Caller,
    @Keyed() keyed: KeyedRequest,
    @Id() id: string,
    @Param('term') term: string,
    @Body() body: DeclareFirstDay,
  ): Promise<SchoolTermView> {
    return this.terms.declare(caller, keyed, id, term, body);
  }

  /** 学期注册: the school's clerk registers a list of students, or all that is left of a grade or class. Each has a result. */
  @JudgedFor('schoolClerk')
  @ForServices('rosters')
  @Post('registrations')
  @HttpCode(200)
  register(
    @CallerNow() caller: Caller,
    @Keyed() keyed: KeyedRequest,
    @Id() id: string,
    @Param('term') term: string,
    @Body() body: RegisterTerm,
  ): Promise<TermResultsView> {
    return this.terms.register(caller, keyed, id, term, body);
  }

  /** 撤回误注册: the school's clerk retracts registrations made by mistake, with a reason; later a reviewer of its authority does. */
  @JudgedFor('schoolClerk', 'authorityReviewer')
  @Post('registrations/retraction')
  @HttpCode(200)
  retract(
    @CallerNow() caller: Caller,
    @Keyed() keyed: KeyedRequest,
    @Id() id: string,
    @Param('term') term: string,
    @Body() body: RetractTerm,
  ): Promise<TermResultsView> {
    return this.terms.retract(caller, keyed, id, term, body);
  }
}
