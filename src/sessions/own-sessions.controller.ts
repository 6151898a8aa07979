import { Controller, Delete, Get, HttpCode, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { clearInBrowser } from '../platform/access/browser.js';
import { CallerNow, type Caller } from '../platform/access/caller.js';
import { SignedIn } from '../platform/access/may-call.js';
import { Id } from '../platform/http/id.js';
import { EndedSessions, EndedSessionsQuery, OwnSessions } from './own-sessions.dto.js';
import { OwnSessionsService } from './own-sessions.service.js';

@ApiTags('access')
@ApiBearerAuth()
@SignedIn()
@Controller('me/sessions')
export class OwnSessionsController {
  constructor(private readonly sessions: OwnSessionsService) {}

  /** Lists where the caller is signed in, at most 20 sessions. Tokens of an outside issuer are not among them. */
  @Get()
  list(@CallerNow() caller: Caller): Promise<OwnSessions> {
    return this.sessions.list(caller);
  }

  /** Signs the caller out of one session, at once. */
  @Delete(':id')
  @HttpCode(204)
  end(@CallerNow() caller: Caller, @Id() id: string): Promise<void> {
    return this.sessions.end(caller, id);
  }

  /** Signs the caller out everywhere else, or everywhere, at once. */
  @Delete()
  async endSeveral(
    @CallerNow() caller: Caller,
    @Query() { which }: EndedSessionsQuery,
    @Res({ passthrough: true }) response: Response,
  ): Promise<EndedSessions> {
    const ended = await this.sessions.endSeveral(caller, which);
    if (which === 'all') clearInBrowser(response, 'session');
    return { ended };
  }
}
