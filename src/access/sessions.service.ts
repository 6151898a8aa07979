import { randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { Problem } from '../api/problem.js';
import { CLOCK, isoInShanghai, type Clock } from '../clock.js';
import { CONFIG, type Config } from '../config.js';
import { inScope } from '../database/in-scope.js';
import { ORGANISATION_VIEW } from '../organisations/organisations.sql.js';
import type { Caller } from './caller.js';
import type { Credentials, MeView, OfficeView, SessionView } from './sessions.dto.js';
import { tokenHashOf } from './session.guard.js';

/** Local accounts: argon2id passwords, random bearer tokens of which only the hash is kept. */
@Injectable()
export class Sessions {
  /** Verified when the user name is unknown, so that both refusals take the same time. */
  private readonly nobody = hash(randomBytes(16).toString('hex'));

  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** @throws Problem wrong-credentials, the same for an unknown user, a wrong password and a disabled account */
  async open({ username, password }: Credentials): Promise<SessionView> {
    const [person] = await inScope(this.db, 'system', (tx) =>
      tx.query<{ id: string; password_hash: string }[]>(
        'select id, password_hash from person where username = $1 and password_hash is not null and disabled_at is null',
        [username],
      ),
    );
    const right = await verify(person?.password_hash ?? (await this.nobody), password);
    if (!person || !right) throw new Problem('wrong-credentials');
    const token = randomBytes(32).toString('base64url');
    const now = this.clock.now();
    const expires = now + this.config.sessionHours * 3_600_000;
    await inScope(this.db, 'system', (tx) =>
      tx.query('insert into session (token_hash, person_id, created_at, expires_at) values ($1,$2,$3,$4)', [
        tokenHashOf(token),
        person.id,
        new Date(now),
        new Date(expires),
      ]),
    );
    return { token, expiresAt: isoInShanghai(expires) };
  }

  /** A token of the outside issuer is remembered as ended for as long as it would be good. */
  async close(caller: Caller): Promise<void> {
    await inScope(this.db, caller, (tx) =>
      caller.tokenUntil === undefined
        ? tx.query('delete from session where token_hash = $1', [caller.tokenHash])
        : tx.query('insert into ended_token (token_hash, expires_at) values ($1,$2) on conflict do nothing', [
            ...[caller.tokenHash, new Date(caller.tokenUntil)],
          ]),
    );
  }

  async me(caller: Caller): Promise<MeView> {
    const offices = await inScope(this.db, caller, (tx) =>
      tx.query<OfficeView[]>(
        `select h.office, ${ORGANISATION_VIEW('o')} as organisation
         from jsonb_to_recordset($1) as h (office text, "organisationId" uuid) join organisation o on o.id = h."organisationId" order by h.office, o.code`,
        [JSON.stringify(caller.offices)],
      ),
    );
    return { id: caller.personId, displayName: caller.displayName, offices };
  }
}
