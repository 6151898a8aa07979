import { Body, Controller, Delete, Get, HttpCode, Ip, Post, Put } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CallerNow, WithOneTimePassword, type Caller } from '../platform/access/caller.js';
import { PerMinute } from '../platform/access/rate-limit.js';
import { Passwords } from '../platform/access/passwords.js';
import { Credentials, MeView, PasswordChange, SessionView } from './sessions.dto.js';
import { Sessions } from './sessions.service.js';
import { ForServices, Public, SignedIn } from '../platform/access/may-call.js';

@ApiTags('access')
@Controller()
export class SessionsController {
  constructor(
    private readonly sessions: Sessions,
    private readonly passwords: Passwords,
  ) {}

  /** Logs in with a local account. */
  @Public()
  @PerMinute('sessions', { address: 120 })
  @Post('sessions')
  open(@Body() credentials: Credentials, @Ip() address: string): Promise<SessionView> {
    return this.sessions.open(credentials, address);
  }

  /** Logs out. The token ends at once. */
  @ApiBearerAuth()
  @SignedIn()
  @WithOneTimePassword()
  @Delete('sessions/current')
  @HttpCode(204)
  close(@CallerNow() caller: Caller): Promise<void> {
    return this.sessions.close(caller);
  }

  /** Shows the caller, with the offices that the caller holds now. */
  @ApiBearerAuth()
  @SignedIn()
  @WithOneTimePassword()
  @ForServices('always')
  @Get('me')
  me(@CallerNow() caller: Caller): Promise<MeView> {
    return this.sessions.me(caller);
  }

  /**
   * Changes the caller's own password. Every other session of the person ends. A common password is refused, and one made of few
   * characters, of the person's or the organisation's name, or of the password before.
   */
  @ApiBearerAuth()
  @SignedIn()
  @WithOneTimePassword()
  @Put('me/password')
  @HttpCode(204)
  changePassword(@CallerNow() caller: Caller, @Body() body: PasswordChange): Promise<void> {
    return this.passwords.change(caller, body);
  }
}
