import { Controller, Get } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CallerNow, type Caller } from '../platform/access/caller.js';
import { SignedIn } from '../platform/access/may-call.js';
import { MySummary } from './summary.dto.js';
import { Summary } from './summary.service.js';

@ApiTags('tasks')
@ApiBearerAuth()
@Controller('me/summary')
export class SummaryController {
  constructor(private readonly summary: Summary) {}

  /** Counts what waits for the caller, for badges: tasks, the caller's own requests by state, and unread notifications. */
  @SignedIn()
  @Get()
  show(@CallerNow() caller: Caller): Promise<MySummary> {
    return this.summary.of(caller);
  }
}
