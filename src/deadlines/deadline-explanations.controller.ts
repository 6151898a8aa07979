import { Controller, Get } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CallerNow, type Caller } from '../platform/access/caller.js';
import { Id } from '../platform/http/id.js';
import { DeadlineExplanation } from './deadline-explanations.dto.js';
import { DeadlineExplanations } from './deadline-explanations.service.js';
import { ReadersOf } from '../platform/access/may-call.js';

@ApiTags('tasks')
@ApiBearerAuth()
@ReadersOf('cases')
@Controller('tasks')
export class DeadlineExplanationController {
  constructor(private readonly clocks: DeadlineExplanations) {}

  /** Explains when the task is due: every date from its arrival, counted or not, and the earlier visits of its step (A7, A9). */
  @Get(':id/clock')
  clock(@CallerNow() caller: Caller, @Id() id: string): Promise<DeadlineExplanation> {
    return this.clocks.show(caller, id);
  }
}
