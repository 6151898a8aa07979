import { Body, Controller, Get, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CallerNow, type Caller } from '../platform/access/caller.js';
import { Id } from '../platform/http/id.js';
import { Keyed, type KeyedRequest } from '../platform/access/idempotency.js';
import { HeadView, SetHead } from './heads.dto.js';
import { Heads } from './heads.service.js';
import { AnyOffice, ForOffices } from '../platform/access/may-call.js';

@ApiTags('organisations')
@ApiBearerAuth()
@Controller('organisations/:id/heads')
export class HeadsController {
  constructor(private readonly heads: Heads) {}

  /** Lists who heads the organisation 负责人, now and before, latest first, for its own people and its superiors. */
  @AnyOffice()
  @Get()
  list(@CallerNow() caller: Caller, @Id() id: string): Promise<HeadView[]> {
    return this.heads.list(caller, id);
  }

  /** An administrator of the organisation or of its parent sets the head from a day on. The head before ends the day before. */
  @ForOffices('orgAdmin')
  @Post()
  set(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Id() id: string, @Body() body: SetHead): Promise<HeadView> {
    return this.heads.set(caller, keyed, id, body);
  }
}
