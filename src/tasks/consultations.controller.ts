import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CallerNow, type Caller } from '../platform/access/caller.js';
import { Id } from '../platform/http/id.js';
import { Keyed, type KeyedRequest } from '../platform/access/idempotency.js';
import { Consult, ConsultationPage, ConsultationQuery, ConsultationView, Opinion } from './consultations.dto.js';
import { Consultations } from './consultations.service.js';
import { ReadersOf, JudgedFor } from '../platform/access/may-call.js';
import { REVIEWING, BY_PROXY } from '../domain/offices.js';

@ApiTags('tasks')
@ApiBearerAuth()
@Controller()
export class ConsultationsController {
  constructor(private readonly consultations: Consultations) {}

  /** 征求意见: asks another organisation for an opinion before the decision. The task keeps its deadline. */
  @JudgedFor(...BY_PROXY)
  @Post('tasks/:id/consultations')
  ask(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Id() id: string, @Body() body: Consult): Promise<ConsultationView> {
    return this.consultations.ask(caller, keyed, id, body);
  }

  /** Lists the opinions that the caller's organisations are asked for, or ask for, the next due first. */
  @ReadersOf('contents')
  @Get('consultations')
  list(@CallerNow() caller: Caller, @Query() query: ConsultationQuery): Promise<ConsultationPage> {
    return this.consultations.list(caller, query);
  }

  /** Answers with the opinion, as long as the task is not decided. */
  @JudgedFor(...REVIEWING)
  @Post('consultations/:id/answer')
  @HttpCode(200)
  answer(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Id() id: string, @Body() body: Opinion): Promise<ConsultationView> {
    return this.consultations.answer(caller, keyed, id, body);
  }
}
