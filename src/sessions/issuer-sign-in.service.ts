import { Inject, Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Logger } from 'pino';
import { browserOf, clearInBrowser, keepInBrowser, keptInBrowser } from '../platform/access/browser.js';
import { subjectHash } from '../platform/access/subjects.js';
import { CLOCK, type Clock } from '../platform/clock.js';
import { FieldCipher } from '../platform/database/field-cipher.js';
import { Problem } from '../platform/http/problem.js';
import { LOG } from '../platform/log.js';
import { BrowserSessions } from './browser-sessions.service.js';
import type { AskedSignIn, IssuerClient } from './issuer-client.js';
import { ISSUER_CLIENT } from './issuer-client.provider.js';
import { Sessions } from './sessions.service.js';

const TEN_MINUTES = 600_000;
const PLACE = 'issuerSignIn';

/** What a browser keeps, sealed, while its person is at the issuer. */
interface Begun extends AskedSignIn {
  readonly at: number;
  /** Where the page goes on to. */
  readonly back: string;
}

/** Signing in on a page by the account of the issuer. Whatever fails ends at the page for signing in, which says what. */
@Injectable()
export class IssuerSignIn {
  constructor(
    private readonly sessions: Sessions,
    private readonly browsers: BrowserSessions,
    @Inject(ISSUER_CLIENT) private readonly issuer: IssuerClient | undefined,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Logger,
    private readonly cipher: FieldCipher,
  ) {}

  /** The sealed cookie comes back from another site, so it is `Lax`; it opens nothing. */
  begin(response: Response, back: string): Promise<void> {
    return this.orSay(response, async () => {
      if (!this.issuer) throw new Problem('no-issuer');
      const { address, asked } = await this.issuer.authorization();
      const sealed = this.cipher.encrypt(JSON.stringify({ ...asked, at: this.clock.now(), back } satisfies Begun), PLACE);
      keepInBrowser(response, 'sign-in', sealed.toString('base64url'), { maxAge: TEN_MINUTES, sameSite: 'lax' });
      return address;
    });
  }

  end(response: Response): Promise<void> {
    const request = response.req;
    const begun = this.begunBy(request);
    clearInBrowser(response, 'sign-in');
    return this.orSay(response, async () => {
      if (!this.issuer) throw new Problem('no-issuer');
      if (!begun) throw new Problem('sign-in-failed');
      const { issuer, subject } = await this.issuer.subject(searchOf(request), begun);
      const token = await this.sessions.openForSubject(subjectHash(this.cipher, issuer, subject), browserOf(request));
      await this.browsers.replace(response, token);
      return begun.back;
    });
  }

  private begunBy(request: Request): Begun | undefined {
    const sealed = keptInBrowser(request, 'sign-in');
    try {
      const begun = JSON.parse(this.cipher.decrypt(Buffer.from(sealed ?? '', 'base64url'), PLACE)) as Begun;
      const age = this.clock.now() - begun.at;
      return age < TEN_MINUTES && age >= 0 ? begun : undefined;
    } catch {
      return undefined;
    }
  }

  private async orSay(response: Response, work: () => Promise<string>): Promise<void> {
    const address = await work().catch((error: unknown) => {
      if (!(error instanceof Problem)) throw error;
      this.log.info({ code: error.code }, 'denied');
      return `/sign-in?problem=${error.code}`;
    });
    response.redirect(302, address);
  }
}

const searchOf = ({ originalUrl }: Request): string => (originalUrl.includes('?') ? originalUrl.slice(originalUrl.indexOf('?')) : '');
