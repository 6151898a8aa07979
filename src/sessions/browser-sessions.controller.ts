import { Body, Controller, Delete, Get, HttpCode, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { FromPage } from '../platform/access/browser.js';
import { Public } from '../platform/access/may-call.js';
import { PerMinute } from '../platform/access/rate-limit.js';
import { BrowserSessions } from './browser-sessions.service.js';
import { BrowserCredentials, MeView, SignedOut, SignInWays } from './sessions.dto.js';

@ApiTags('access')
@Public()
@Controller('browser-sessions')
export class BrowserSessionsController {
  constructor(private readonly sessions: BrowserSessions) {}

  /** Tells a page how one may sign in here besides user name and password. */
  @Get('ways')
  ways(): SignInWays {
    return this.sessions.ways();
  }

  /**
   * Logs in on a page with a local account. A cookie that no script can read carries the session. The page sends `X-Xueji-Client:
   * workbench` with this and with whatever changes something.
   */
  @FromPage()
  @PerMinute('sessions', { address: 120 })
  @Post()
  @HttpCode(200)
  open(@Body() credentials: BrowserCredentials, @Res({ passthrough: true }) response: Response): Promise<MeView> {
    return this.sessions.open(credentials, response);
  }

  /** Logs out on a page, at once. Of a browser whose session is over the cookie is cleared. */
  @FromPage()
  @PerMinute('sessions', { address: 120 })
  @Delete('current')
  close(@Res({ passthrough: true }) response: Response): Promise<SignedOut> {
    return this.sessions.close(response);
  }
}
