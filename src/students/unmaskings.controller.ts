import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { HANDLING } from '../domain/offices.js';
import { CallerNow, type Caller } from '../platform/access/caller.js';
import { Keyed, type KeyedRequest } from '../platform/access/idempotency.js';
import { ForOffices, JudgedFor } from '../platform/access/may-call.js';
import { PerDay } from '../platform/access/rate-limit.js';
import { Id } from '../platform/http/id.js';
import { Unmask, UnmaskedView, UnmaskingPage, UnmaskingQuery } from './unmaskings.dto.js';
import { Unmaskings } from './unmaskings.service.js';

@ApiTags('students')
@ApiBearerAuth()
@Controller()
export class UnmaskingsController {
  constructor(private readonly unmaskings: Unmaskings) {}

  /**
   * Shows student number, document and birth date whole, for a reason, at the student's school and its competent authority. It is an act in
   * the ledger, limited a day, and shown to the superior.
   */
  @JudgedFor(...HANDLING)
  @PerDay('unmaskings')
  @Post('students/:id/unmaskings')
  unmask(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Id() id: string, @Body() body: Unmask): Promise<UnmaskedView> {
    return this.unmaskings.unmask(caller, keyed, id, body);
  }

  /** Lists who saw values whole at the caller's authority or below it, and why. */
  @ForOffices('authoritySupervisor')
  @Get('supervision/unmaskings')
  list(@CallerNow() caller: Caller, @Query() query: UnmaskingQuery): Promise<UnmaskingPage> {
    return this.unmaskings.list(caller, query);
  }
}
