import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CallerNow, type Caller } from '../platform/access/caller.js';
import { Keyed, type KeyedRequest } from '../platform/access/idempotency.js';
import { JudgedFor, ReadersOf } from '../platform/access/may-call.js';
import { Id } from '../platform/http/id.js';
import { ReturnStatement, SignStatement, StatementPage, StatementQuery, StatementView } from './data-checks.dto.js';
import { Statements } from './statements.service.js';

@ApiTags('data checks')
@ApiBearerAuth()
@Controller('data-checks/statements')
export class StatementsController {
  constructor(private readonly statements: Statements) {}

  /** Lists the schools in reach with their statements of a term; who has not signed stands there too. */
  @ReadersOf('contents')
  @Get()
  list(@CallerNow() caller: Caller, @Query() query: StatementQuery): Promise<StatementPage> {
    return this.statements.list(caller, query);
  }

  /** 签署: the school's reviewer signs the statement of the term under way in the name of its head, once every doubt is answered. */
  @JudgedFor('schoolReviewer')
  @Post()
  sign(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Body() { schoolId }: SignStatement): Promise<StatementView> {
    return this.statements.sign(caller, keyed, schoolId);
  }

  /** 确认: a reviewer of the competent authority confirms it. */
  @JudgedFor('authorityReviewer')
  @Post(':id/confirmation')
  @HttpCode(200)
  confirm(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Id() id: string): Promise<StatementView> {
    return this.statements.confirm(caller, keyed, id);
  }

  /** 退回: the same returns it, with a reason; the school then signs it anew. */
  @JudgedFor('authorityReviewer')
  @Post(':id/return')
  @HttpCode(200)
  giveBack(
    @CallerNow() caller: Caller,
    @Keyed() keyed: KeyedRequest,
    @Id() id: string,
    @Body() { reason }: ReturnStatement,
  ): Promise<StatementView> {
    return this.statements.giveBack(caller, keyed, id, reason);
  }
}
