import { Body, Controller, Get, HttpCode, Post, Put, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiExtraModels, ApiTags } from '@nestjs/swagger';
import { CallerNow, type Caller } from '../platform/access/caller.js';
import { Keyed, type KeyedRequest } from '../platform/access/idempotency.js';
import { ForOffices, ForServices, JudgedFor, ReadersOf } from '../platform/access/may-call.js';
import { PerDay, PerMinute } from '../platform/access/rate-limit.js';
import { Id } from '../platform/http/id.js';
import { RegistrationInput } from '../registrations/registrations.dto.js';
import {
  EnteredRows,
  IntakePage,
  IntakeQuery,
  IntakeRowPage,
  IntakeRowQuery,
  IntakeRows,
  IntakeRowView,
  IntakeView,
  OpenIntake,
  SubmitIntake,
} from './intakes.dto.js';
import { RowCorrections } from './corrections.service.js';
import { Intakes } from './intakes.service.js';

const LISTS = { address: 240, person: 120, organisation: 300 };

@ApiTags('intakes')
@ApiBearerAuth()
@ApiExtraModels(RegistrationInput)
@Controller('intakes')
export class IntakesController {
  constructor(
    private readonly intakes: Intakes,
    private readonly corrections: RowCorrections,
  ) {}

  /** 上传新生名单: opens an intake with its first rows. Each row is checked by itself; all faults are told, and clean rows are entered. */
  @ForOffices('schoolClerk')
  @ForServices('rosters')
  @Post()
  @PerMinute('intakes', LISTS)
  @PerDay('possibleDuplicates')
  open(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Body() body: OpenIntake): Promise<EnteredRows> {
    return this.intakes.open(caller, keyed, body);
  }

  /** Lists intakes of the caller's schools and of those below, the latest first. */
  @ReadersOf('contents')
  @Get()
  list(@CallerNow() caller: Caller, @Query() query: IntakeQuery): Promise<IntakePage> {
    return this.intakes.list(caller, query);
  }

  /** Shows an intake: how many rows stand where, and both clocks of its registration, each with its lateness. */
  @ReadersOf('contents')
  @Get(':id')
  show(@CallerNow() caller: Caller, @Id() id: string): Promise<IntakeView> {
    return this.intakes.show(caller, id);
  }

  /** Lists the rows of an intake, with why each is returned or held back. */
  @ReadersOf('contents')
  @Get(':id/rows')
  rows(@CallerNow() caller: Caller, @Id() id: string, @Query() query: IntakeRowQuery): Promise<IntakeRowPage> {
    return this.intakes.rows(caller, id, query);
  }

  /** Enters more rows, 500 at most in one call. */
  @JudgedFor('schoolClerk')
  @ForServices('rosters')
  @Post(':id/rows')
  @HttpCode(200)
  @PerMinute('intakes', LISTS)
  @PerDay('possibleDuplicates')
  add(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Id() id: string, @Body() body: IntakeRows): Promise<EnteredRows> {
    return this.intakes.add(caller, keyed, id, body);
  }

  /**
   * Puts a row right in place: returned, held back, held or not submitted yet. The whole row is given; all its faults are told. What a
   * review said of it is over, and it comes with the next submission. Who is like it is judged anew.
   */
  @JudgedFor('schoolClerk')
  @ForServices('rosters')
  @Put(':id/rows/:row')
  @PerMinute('intakes', LISTS)
  @PerDay('possibleDuplicates')
  @ApiBody({ type: RegistrationInput })
  correctIntakeRow(
    @CallerNow() caller: Caller,
    @Keyed() keyed: KeyedRequest,
    @Id() id: string,
    @Id('row') row: string,
    @Body() body: Record<string, unknown>,
  ): Promise<IntakeRowView> {
    return this.corrections.correct(caller, keyed, id, row, body);
  }

  /** 提请审核: submits the rows that are left to the school's review and then to its authority's (Art 9). Held rows stay behind. */
  @JudgedFor('schoolClerk')
  @ForServices('rosters')
  @Post(':id/submission')
  @HttpCode(200)
  submit(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Id() id: string, @Body() body: SubmitIntake): Promise<IntakeView> {
    return this.intakes.submit(caller, keyed, id, body);
  }
}
