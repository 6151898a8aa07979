import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CallerNow, type Caller } from '../platform/access/caller.js';
import { Id } from '../platform/http/id.js';
import { Keyed, type KeyedRequest } from '../platform/access/idempotency.js';
import {
  IrregularityDetail,
  IrregularityPage,
  IrregularityQuery,
  IrregularityView,
  RecordOutcome,
  RegisterIrregularity,
} from './irregularities.dto.js';
import { Irregularities } from './irregularities.service.js';
import { ReadersOf, ForOffices, JudgedFor } from '../platform/access/may-call.js';

@ApiTags('supervision')
@ApiBearerAuth()
@Controller('irregularities')
export class IrregularitiesController {
  constructor(private readonly irregularities: Irregularities) {}

  /** 违规登记: an authority registers an irregularity of an organisation below it (Art 26). */
  @ForOffices('authoritySupervisor')
  @Post()
  register(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Body() body: RegisterIrregularity): Promise<IrregularityView> {
    return this.irregularities.register(caller, keyed, body);
  }

  /** Lists the register, newest first, for the organisations concerned and the authorities above them. */
  @ReadersOf('contents')
  @Get()
  list(@CallerNow() caller: Caller, @Query() query: IrregularityQuery): Promise<IrregularityPage> {
    return this.irregularities.list(caller, query);
  }

  /** Shows one entry with its findings and outcome. */
  @ReadersOf('contents')
  @Get(':id')
  show(@CallerNow() caller: Caller, @Id() id: string): Promise<IrregularityDetail> {
    return this.irregularities.show(caller, id);
  }

  /** The authority that registered the irregularity records its outcome, once. */
  @JudgedFor('authoritySupervisor')
  @Post(':id/outcome')
  @HttpCode(200)
  outcome(
    @CallerNow() caller: Caller,
    @Keyed() keyed: KeyedRequest,
    @Id() id: string,
    @Body() body: RecordOutcome,
  ): Promise<IrregularityView> {
    return this.irregularities.outcome(caller, keyed, id, body);
  }
}
