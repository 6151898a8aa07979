import { Body, Controller, HttpCode, Inject, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { FromPage } from '../platform/access/browser.js';
import { Public } from '../platform/access/may-call.js';
import { PerMinute } from '../platform/access/rate-limit.js';
import { CONFIG, type Config } from '../platform/config.js';
import { Problem } from '../platform/http/problem.js';
import { BrowserSessions } from '../sessions/browser-sessions.service.js';
import { MeView } from '../sessions/sessions.dto.js';
import { DemoSignIn } from './demo.dto.js';
import { DEMO_PASSWORD, demoPeople } from './people.js';

@ApiTags('demonstration')
@Public()
@Controller('browser-sessions/demonstration')
export class DemoSessionsController {
  constructor(
    private readonly sessions: BrowserSessions,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Logs in on a page as an account of the demonstration, by its name alone. Any other system answers 404. */
  @FromPage()
  @PerMinute('sessions', { address: 120 })
  @Post()
  @HttpCode(200)
  async open(@Body() { account }: DemoSignIn, @Res({ passthrough: true }) response: Response): Promise<MeView> {
    if (!this.config.demo || !demoPeople().some(({ username }) => username === account)) throw new Problem('not-found');
    return this.sessions.open({ username: account, password: DEMO_PASSWORD }, response);
  }
}
