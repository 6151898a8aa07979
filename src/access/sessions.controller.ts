import { Body, Controller, Delete, Get, HttpCode, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CallerNow, Public, type Caller } from './caller.js';
import { Credentials, MeView, SessionView } from './sessions.dto.js';
import { Sessions } from './sessions.service.js';

@ApiTags('access')
@Controller()
export class SessionsController {
  constructor(private readonly sessions: Sessions) {}

  /** Logs in with a local account. */
  @Public()
  @Post('sessions')
  open(@Body() credentials: Credentials): Promise<SessionView> {
    return this.sessions.open(credentials);
  }

  /** Logs out: the token ends at once. */
  @ApiBearerAuth()
  @Delete('sessions/current')
  @HttpCode(204)
  close(@CallerNow() caller: Caller): Promise<void> {
    return this.sessions.close(caller);
  }

  /** Who is asking, with the offices held now. */
  @ApiBearerAuth()
  @Get('me')
  me(@CallerNow() caller: Caller): Promise<MeView> {
    return this.sessions.me(caller);
  }
}
