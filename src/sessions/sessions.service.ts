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
import { inScope, lookUp } from '../platform/database/in-scope.js';
import { ORGANISATION_VIEW } from '../organisations/organisations.store.js';
import type { Caller } from '../platform/access/caller.js';
import type { Credentials, MeView, OfficeView, SessionView } from './sessions.dto.js';
import { tokenHashOf } from '../platform/access/session.guard.js';
import { deviceToken, knownDevice } from '../platform/access/devices.js';
import { attemptOf, beginAttempt, forgetFailures, nameHash } from '../platform/access/sign-in-failures.js';

/** The most sessions of a person. One more ends the oldest. */
const SESSIONS_OF_A_PERSON = 20;

const PERSON = `select id, password_hash as "passwordHash", password_once_until as "onceUntil"
  from person where username = $1 and password_hash is not null and disabled_at is null`;

interface Account {
  readonly id: string;
  readonly passwordHash: string;
  readonly onceUntil: Date | null;
}

/** Local accounts: argon2id passwords, random bearer tokens of which only the hash is kept. */
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

  /** @throws Problem wrong-credentials, the same for an unknown user, a wrong password and a disabled account; too-many-requests */
  async open({ username, password, deviceToken: shown }: Credentials, address: string): Promise<SessionView> {
    const now = this.clock.now();
    const name = nameHash(this.cipher, username);
    const device = shown === undefined ? undefined : knownDevice(this.cipher, name, shown, now);
    const attempt = attemptOf(this.cipher, name, device === undefined ? { address: ipKeyGenerator(address, 64) } : { device });
    await beginAttempt(this.db, attempt, now);
    const [person] = await lookUp<Account>(this.db, 'system', PERSON, [username]);
    const right = await verify(person?.passwordHash ?? (await this.nobody), password);
    if (!person || !right || (person.onceUntil && person.onceUntil.getTime() <= now)) throw new Problem('wrong-credentials');
    const token = randomBytes(32).toString('base64url');
    const expires = now + this.config.sessionHours * 3_600_000;
    await this.keep(person, attempt, { token, now, expires });
    const passwordChangeRequired = person.onceUntil !== null;
    return { token, expiresAt: isoInShanghai(expires), passwordChangeRequired, deviceToken: deviceToken(this.cipher, name, now, device) };
  }

  /** A password that was changed, or an account that was disabled, while it was being verified opens nothing. */
  private async keep(
    { id, passwordHash }: Account,
    attempt: Buffer,
    { token, now, expires }: { token: string; now: number; expires: number },
  ): Promise<void> {
    const kept = await inScope(this.db, 'system', async (tx) => {
      const made = await tx.query<unknown[]>(
        `insert into session (token_hash, person_id, created_at, expires_at)
         select $1, id, $3, $4 from (select id from person where id = $2 and password_hash = $5 and disabled_at is null for key share) p
           returning 1`,
        [tokenHashOf(token), id, new Date(now), new Date(expires), passwordHash],
      );
      await forgetFailures(tx, attempt);
      await tx.query(
        `delete from session where token_hash in (select token_hash from session where person_id = $1 order by created_at desc,
          token_hash offset $2)`,
        [id, SESSIONS_OF_A_PERSON],
      );
      return made.length > 0;
    });
    if (!kept) throw new Problem('wrong-credentials');
  }

  /** A token of the outside issuer is remembered as ended for as long as it would be good. */
  async close(caller: Caller): Promise<void> {
    await inScope(this.db, caller, (tx) =>
      caller.tokenUntil === undefined
        ? tx.query('delete from session where token_hash = $1', [caller.tokenHash])
        : tx.query('insert into ended_token (token_hash, expires_at) values ($1,$2) on conflict do nothing', [
            caller.tokenHash,
            new Date(caller.tokenUntil),
          ]),
    );
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
    return { id: caller.personId, displayName: caller.displayName, offices };
  }
}
