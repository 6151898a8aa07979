import { randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import { Inject, Injectable } from '@nestjs/common';
import { ipKeyGenerator } from 'express-rate-limit';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { Problem } from '../platform/http/problem.js';
import { CLOCK, isoInShanghai, type Clock } from '../platform/clock.js';
import { CONFIG, type Config } from '../platform/config.js';
import { FieldCipher } from '../platform/database/field-cipher.js';
import { inScope, lookUp, type Transaction } from '../platform/database/in-scope.js';
import { ORGANISATION_VIEW } from '../organisations/organisations.store.js';
import type { Browser } from '../platform/access/browser.js';
import type { Caller, ServiceCaller } from '../platform/access/caller.js';
import type { BrowserCredentials, Credentials, MeView, OfficeView, SessionView } from './sessions.dto.js';
import { tokenHashOf } from '../platform/access/callers.js';
import { deviceToken, knownDevice } from '../platform/access/devices.js';
import { attemptOf, beginAttempt, forgetFailures, nameHash } from '../platform/access/sign-in-failures.js';
import { newId } from '../platform/ledger/new-id.js';

/** The most sessions of a person. One more ends the oldest. */
const SESSIONS_OF_A_PERSON = 20;

const PERSON = `select id, password_hash as "passwordHash", password_once_until as "onceUntil"
  from person where username = $1 and password_hash is not null and disabled_at is null`;

interface Account {
  readonly id: string;
  readonly passwordHash: string;
  readonly onceUntil: Date | null;
}

/** Where somebody signs in. */
interface SignIn {
  readonly address: string;
  /** What the device kept of earlier sign-ins, of this name or of others. */
  readonly devices: readonly string[];
  /** The family of the browser whose cookie will carry the session; null for a bearer token. */
  readonly browser: Browser | null;
}

interface OpenedSession {
  readonly token: string;
  readonly now: number;
  readonly expires: number;
}

/** Local accounts: argon2id passwords, random tokens of which only the hash is kept. */
@Injectable()
export class Sessions {
  /** Verified when the user name is unknown, so that both refusals take the same time. */
  private readonly nobody = hash(randomBytes(16).toString('hex'));

  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
    private readonly cipher: FieldCipher,
  ) {}

  /** @throws Problem as `signIn` */
  async open({ deviceToken: shown, ...credentials }: Credentials, address: string): Promise<SessionView> {
    const opened = await this.signIn(credentials, { address, devices: shown === undefined ? [] : [shown], browser: null });
    const { token, expires, passwordChangeRequired, device } = opened;
    return { token, expiresAt: isoInShanghai(expires), passwordChangeRequired, deviceToken: device };
  }

  /** @throws Problem wrong-credentials, the same for an unknown user, a wrong password and a disabled account; too-many-requests */
  async signIn(
    { username, password }: BrowserCredentials,
    { address, devices, browser }: SignIn,
  ): Promise<OpenedSession & { device: string; passwordChangeRequired: boolean }> {
    const now = this.clock.now();
    const name = nameHash(this.cipher, username);
    const device = devices.map((shown) => knownDevice(this.cipher, name, shown, now)).find((known) => known !== undefined);
    const attempt = attemptOf(this.cipher, name, device === undefined ? { address: ipKeyGenerator(address, 64) } : { device });
    await beginAttempt(this.db, attempt, now);
    const [person] = await lookUp<Account>(this.db, 'system', PERSON, [username]);
    const right = await verify(person?.passwordHash ?? (await this.nobody), password);
    if (!person || !right || (person.onceUntil && person.onceUntil.getTime() <= now)) throw new Problem('wrong-credentials');
    const opened = this.freshToken(now);
    await this.keep(person, attempt, { ...opened, browser });
    return { ...opened, passwordChangeRequired: person.onceUntil !== null, device: deviceToken(this.cipher, name, now, device) };
  }

  private freshToken(now: number): OpenedSession {
    return { token: randomBytes(32).toString('base64url'), now, expires: now + this.config.sessionHours * 3_600_000 };
  }

  /** A password that was changed, or an account that was disabled, while it was being verified opens nothing. */
  private async keep(
    { id, passwordHash }: Account,
    attempt: Buffer,
    { token, now, expires, browser }: OpenedSession & Pick<SignIn, 'browser'>,
  ): Promise<void> {
    const kept = await inScope(this.db, 'system', async (tx) => {
      const made = await tx.query<unknown[]>(
        `insert into session (token_hash, id, person_id, browser, created_at, used_at, expires_at)
         select $1, $2, id, $4, $5, $5, $6
           from (select id from person where id = $3 and password_hash = $7 and disabled_at is null for key share) p returning 1`,
        [tokenHashOf(token), newId(), id, browser, new Date(now), new Date(expires), passwordHash],
      );
      await forgetFailures(tx, attempt);
      await endOldest(tx, id);
      return made.length > 0;
    });
    if (!kept) throw new Problem('wrong-credentials');
  }

  /** A token of the outside issuer is remembered as ended for as long as it would be good. */
  async close({ tokenHash, sessionId, endsAt }: Caller): Promise<void> {
    await inScope(this.db, 'system', (tx) =>
      sessionId === undefined
        ? tx.query('insert into ended_token (token_hash, expires_at) values ($1,$2) on conflict do nothing', [tokenHash, new Date(endsAt)])
        : tx.query('delete from session where token_hash = $1', [tokenHash]),
    );
  }

  /** A session of the account that is bound to the subject; answers its token. @throws Problem unknown-subject */
  async openForSubject(subject: Buffer, browser: Browser): Promise<string> {
    const { token, now, expires } = this.freshToken(this.clock.now());
    await inScope(this.db, 'system', async (tx) => {
      const [made] = await tx.query<{ personId: string }[]>(
        `insert into session (token_hash, id, person_id, browser, subject_hash, created_at, used_at, expires_at)
         select $1, $2, id, $3, $4, $5, $5, $6 from (select id from person where subject_hash = $4 and password_hash is null
           and disabled_at is null for key share) p returning person_id as "personId"`,
        [tokenHashOf(token), newId(), browser, subject, new Date(now), new Date(expires)],
      );
      if (!made) throw new Problem('unknown-subject');
      await endOldest(tx, made.personId);
    });
    return token;
  }

  /** Ends the session of a browser's cookie, if there is one. Answers whether the issuer had opened it. */
  async endOfBrowser(token: string): Promise<boolean> {
    const [ended] = await inScope(this.db, 'system', (tx) =>
      tx.query<[{ byIssuer: boolean }[], number]>(
        'delete from session where token_hash = $1 and browser is not null returning subject_hash is not null as "byIssuer"',
        [tokenHashOf(token)],
      ),
    );
    return ended[0]?.byIssuer === true;
  }

  async me(caller: Caller): Promise<MeView> {
    const offices = await inScope(this.db, caller, (tx) =>
      tx.query<OfficeView[]>(
        `select h.office, ${ORGANISATION_VIEW('o')} as organisation
         from jsonb_to_recordset($1) as h (office text, "organisationId" uuid) join organisation o on o.id = h."organisationId"
           order by h.office, o.code`,
        [JSON.stringify(caller.offices)],
      ),
    );
    const { personId: id, displayName, endsAt, passwordOnce } = caller;
    const serviceAccount = caller.service ? scopeOf(caller.service) : null;
    return { id, displayName, offices, serviceAccount, expiresAt: isoInShanghai(endsAt), passwordChangeRequired: passwordOnce === true };
  }
}

const endOldest = (tx: Transaction, personId: string): Promise<unknown> =>
  tx.query(
    `delete from session where token_hash in (select token_hash from session where person_id = $1 order by created_at desc,
      token_hash offset $2)`,
    [personId, SESSIONS_OF_A_PERSON],
  );

const scopeOf = ({ organisationId, areas, kinds = null }: ServiceCaller): MeView['serviceAccount'] => ({
  organisationId,
  areas: [...areas],
  kinds: kinds && [...kinds],
});
