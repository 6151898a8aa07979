import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { CallerNow, type Caller } from '../platform/access/caller.js';
import { SignedIn } from '../platform/access/may-call.js';
import { LiveQuery } from './events.dto.js';
import { Live } from './live.service.js';

@ApiTags('events')
@ApiBearerAuth()
@Controller('events/stream')
export class LiveController {
  constructor(private readonly live: Live) {}

  /**
   * Says at once what changed, as server-sent events: ids and kinds alone, so ask again for what is shown. `ready` comes first. `request`
   * `{requestId, kind, act, taskId?}`, `notification` `{id, kind}` and `job` `{id, kind, state, progress}` follow, each at least once.
   * `reset`: something was missed, ask for everything again. `end`: the session is over, or connect again. `Last-Event-ID`, or `after`,
   * goes on where a connection broke off.
   */
  @SignedIn()
  @Get()
  @ApiOkResponse({ content: { 'text/event-stream': { schema: { type: 'string' } } } })
  stream(@CallerNow() caller: Caller, @Query() { after }: LiveQuery, @Req() request: Request, @Res() response: Response): void {
    if (request.method === 'HEAD') return void response.type('text/event-stream').end();
    this.live.open(caller, response, request.header('last-event-id') ?? after);
  }
}
