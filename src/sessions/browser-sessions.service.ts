import { Inject, Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { browserOf, clearInBrowser, cookieToken, keepInBrowser, keptInBrowser } from '../platform/access/browser.js';
import { Callers } from '../platform/access/callers.js';
import { GOOD_FOR } from '../platform/access/devices.js';
import { CONFIG, type Config } from '../platform/config.js';
import type { IssuerClient } from './issuer-client.js';
import { ISSUER_CLIENT } from './issuer-client.provider.js';
import type { BrowserCredentials, MeView, SignedOut, SignInWays } from './sessions.dto.js';
import { Sessions } from './sessions.service.js';

/** Names that sign in on one device and are known there again: a computer of an office has several people. */
const NAMES_OF_A_DEVICE = 4;

/** Sessions whose token a cookie carries, where no script reads it. No answer holds it. */
@Injectable()
export class BrowserSessions {
  constructor(
    private readonly sessions: Sessions,
    private readonly callers: Callers,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(ISSUER_CLIENT) private readonly issuer: IssuerClient | undefined,
  ) {}

  ways(): SignInWays {
    return { issuer: this.config.issuerClient !== undefined, demonstration: this.config.demo };
  }

  /** A sign-in always makes another token, and ends the session that the browser had. @throws Problem as `Sessions.signIn` */
  async open(credentials: BrowserCredentials, response: Response): Promise<MeView> {
    const request = response.req;
    const devices = devicesOf(request);
    const at = { address: request.ip ?? '', devices, browser: browserOf(request) };
    const { token, device } = await this.sessions.signIn(credentials, at);
    const [known = ''] = device.split('.');
    const kept = [device, ...devices.filter((other) => !other.startsWith(`${known}.`))].slice(0, NAMES_OF_A_DEVICE);
    keepInBrowser(response, 'device', kept.join('~'), { maxAge: GOOD_FOR });
    await this.replace(response, token);
    return this.sessions.me(await this.callers.bySession(token, 'cookie'));
  }

  /** Gives the browser the token of another session, and ends the one that it had. */
  async replace(response: Response, token: string): Promise<void> {
    await this.endIn(response.req);
    keepInBrowser(response, 'session', token);
  }

  /** Also for a browser whose session is over: its cookie goes. */
  async close(response: Response): Promise<SignedOut> {
    const wasByIssuer = await this.endIn(response.req);
    clearInBrowser(response, 'session');
    return { continueAt: wasByIssuer && this.issuer ? await this.issuer.endOfSession() : null };
  }

  private async endIn(request: Request): Promise<boolean> {
    const token = cookieToken(request);
    return token !== undefined && (await this.sessions.endOfBrowser(token));
  }
}

const devicesOf = (request: Request): string[] => (keptInBrowser(request, 'device') ?? '').split('~').slice(0, NAMES_OF_A_DEVICE);
