import { Body, Controller, Get, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CallerNow, type Caller } from '../platform/access/caller.js';
import { Id } from '../platform/http/id.js';
import { Keyed, type KeyedRequest } from '../platform/access/idempotency.js';
import { HeadView, SetHead } from './heads.dto.js';
import { Heads } from './heads.service.js';

@ApiTags('organisations')
@ApiBearerAuth()
@Controller('organisations/:id/heads')
export class HeadsController {
  constructor(private readonly heads: Heads) {}

  /** Who heads the organisation 负责人, now and before, the latest first; for its own people and its superiors. */
  @Get()
  list(@CallerNow() caller: Caller, @Id() id: string): Promise<HeadView[]> {
    return this.heads.list(caller, id);
  }

  /** Sets the head from a day on, and so the last day of the one before; for an administrator of the organisation or of its parent. */
  @Post()
  set(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Id() id: string, @Body() body: SetHead): Promise<HeadView> {
    return this.heads.set(caller, keyed, id, body);
  }
}
