import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { IsNull, Not, type UpdateResult, type DataSource } from 'typeorm';
import { organisationsOf, type Caller } from '../platform/access/caller.js';
import { Cursors } from '../platform/http/cursor.js';
import { OnceOnly, type KeyedRequest } from '../platform/access/idempotency.js';
import type { PageQuery } from '../platform/http/page.dto.js';
import { Problem } from '../platform/http/problem.js';
import { CLOCK, isoIfAny, type Clock } from '../platform/clock.js';
import { CONFIG, type Config } from '../platform/config.js';
import { FieldCipher } from '../platform/database/field-cipher.js';
import { inScope, lookUp, type Transaction } from '../platform/database/in-scope.js';
import { appendNext, type By, type NewAct } from '../platform/ledger/streams.js';
import { administratorOf } from '../organisations/administrator.js';
import { newId } from '../platform/ledger/new-id.js';
import { accountAdministrator } from './administered.js';
import { issueOneTimePassword } from './one-time-password.js';
import { bindSubject, subjectHash } from '../platform/access/subjects.js';
import { Person } from '../platform/access/person.entity.js';
import { Session } from '../platform/access/session.entity.js';
import type { Actor } from '../domain/offices.js';
import type { BindSubject, EnteredPerson, NewPerson, PersonPage, PersonView } from './people.dto.js';

type Row = Omit<PersonView, 'disabledAt' | 'oneTimePasswordUntil'> & { disabledAt: Date | null; oneTimePasswordUntil: Date | null };

const PEOPLE = `select id, username, display_name as "displayName", entered_in as "organisationId", disabled_at as "disabledAt",
    password_once_until as "oneTimePasswordUntil" from person`;
const view = (row: Row): PersonView => ({
  ...row,
  disabledAt: isoIfAny(row.disabledAt),
  oneTimePasswordUntil: isoIfAny(row.oneTimePasswordUntil),
});

/**
 * Accounts of people (A22). Administrators enter, disable and enable them and reset passwords. Each move is an act of the person's `access`
 * stream.
 */
@Injectable()
export class People {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
    private readonly cipher: FieldCipher,
    private readonly once: OnceOnly,
    private readonly cursors: Cursors,
  ) {}

  /** @throws Problem not-found */
  async list(caller: Caller, organisationId: string, { cursor, limit }: PageQuery): Promise<PersonPage> {
    const mine = organisationsOf(caller, 'orgAdmin');
    const [after = ''] = this.cursors.read('people', cursor) ?? [];
    const rows = await inScope(this.db, caller, async (tx) => {
      const [seen] = await tx.query<unknown[]>('select 1 from organisation where id = $1 and (id = any($2) or ancestors && $2)', [
        organisationId,
        mine,
      ]);
      if (!seen) throw new Problem('not-found');
      return tx.query<Row[]>(`${PEOPLE} where entered_in = $1 and username > $2 order by username limit $3`, [
        organisationId,
        after,
        limit + 1,
      ]);
    });
    return this.cursors.page('people', rows.map(view), limit, ({ username }) => [username]);
  }

  /** @throws Problem username-taken, subject-taken, no-issuer, not-your-office, not-found */
  async enter(caller: Caller, keyed: KeyedRequest, organisationId: string, body: NewPerson): Promise<EnteredPerson> {
    return this.shownOnce(caller, keyed, async (tx, actor) => {
      const { username, displayName, subject } = body;
      const { by } = await administratorOf(tx, actor, organisationId);
      const now = this.clock.now();
      const issued = subject === undefined ? await issueOneTimePassword(now) : undefined;
      const personId = newId();
      const entered = await tx.query<unknown[]>(
        `insert into person (id, username, display_name, password_hash, issued_hash, entered_in, entered_at, password_once_until)
         values ($1,$2,$3,$4,$4,$5,$6,$7) on conflict do nothing returning 1`,
        [personId, username, displayName, issued?.passwordHash ?? null, organisationId, new Date(now), issued?.until ?? null],
      );
      if (entered.length === 0) throw new Problem('username-taken');
      await this.act(tx, personId, { kind: 'entered', by, body: { personId, organisationId } });
      if (subject !== undefined) await this.bound(tx, by, personId, { subject });
      return { personId, password: issued?.password };
    });
  }

  /** The account no longer takes tokens of the outside issuer. @throws Problem not-your-office, not-found, own-account */
  async resetPassword(caller: Caller, keyed: KeyedRequest, personId: string, reason: string): Promise<EnteredPerson> {
    return this.shownOnce(caller, keyed, async (tx, actor) => {
      const by = await accountAdministrator(tx, actor, personId, this.clock.now());
      const { password, passwordHash, until } = await issueOneTimePassword(this.clock.now());
      await tx.of(Person).update({ id: personId }, { passwordHash, issuedHash: passwordHash, passwordOnceUntil: until, subjectHash: null });
      await tx.of(Session).delete({ personId });
      await this.act(tx, personId, { kind: 'passwordReset', by, body: { personId }, texts: { reason } });
      return { personId, password };
    });
  }

  /** @throws Problem not-for-binding, subject-taken, no-issuer, not-your-office, not-found, own-account */
  async bindSubject(caller: Caller, keyed: KeyedRequest, personId: string, body: BindSubject): Promise<PersonView> {
    await this.once.run(caller, keyed, async (tx, actor) => {
      await this.bound(tx, await accountAdministrator(tx, actor, personId, this.clock.now()), personId, { ...body });
      return { personId };
    });
    return this.one(caller, personId);
  }

  private async bound(tx: Transaction, by: By, personId: string, texts: { subject: string; reason?: string }): Promise<void> {
    if (!this.config.issuer) throw new Problem('no-issuer');
    const { issuer } = this.config.issuer;
    await bindSubject(tx, personId, subjectHash(this.cipher, issuer, texts.subject), this.clock.now());
    await this.act(tx, personId, { kind: 'subjectBound', by, body: { personId, issuer }, texts: { ...texts } });
  }

  /** Sessions end with it. @throws Problem already-disabled, not-your-office, not-found, own-account */
  disable(caller: Caller, keyed: KeyedRequest, personId: string, reason: string): Promise<PersonView> {
    return this.change(caller, keyed, { personId, reason, kind: 'disabled', unless: 'already-disabled' }, async (tx) => {
      await tx.of(Session).delete({ personId });
      return tx.of(Person).update({ id: personId, disabledAt: IsNull() }, { disabledAt: new Date(this.clock.now()) });
    });
  }

  /** @throws Problem not-disabled, not-your-office, not-found, own-account */
  enable(caller: Caller, keyed: KeyedRequest, personId: string, reason: string): Promise<PersonView> {
    return this.change(caller, keyed, { personId, reason, kind: 'enabled', unless: 'not-disabled' }, (tx) =>
      tx.of(Person).update({ id: personId, disabledAt: Not(IsNull()) }, { disabledAt: null }),
    );
  }

  private async change(
    caller: Caller,
    keyed: KeyedRequest,
    { personId, reason, kind, unless }: { personId: string; reason: string; kind: string; unless: 'already-disabled' | 'not-disabled' },
    work: (tx: Transaction) => Promise<UpdateResult>,
  ): Promise<PersonView> {
    await this.once.run(caller, keyed, async (tx, actor) => {
      const by = await accountAdministrator(tx, actor, personId, this.clock.now());
      const { affected: changed } = await work(tx);
      if (changed === 0) throw new Problem(unless);
      await this.act(tx, personId, { kind, by, body: { personId }, texts: { reason } });
      return { personId };
    });
    return this.one(caller, personId);
  }

  private async act(tx: Transaction, personId: string, act: NewAct): Promise<void> {
    await appendNext(tx, { clock: this.clock, cipher: this.cipher }, 'access', personId, act);
  }

  /** A one-time password is in the first answer alone: what is kept for a repetition does not hold it. */
  private async shownOnce(
    caller: Caller,
    keyed: KeyedRequest,
    work: (tx: Transaction, actor: Actor) => Promise<{ personId: string; password?: string }>,
  ): Promise<EnteredPerson> {
    let shown: string | undefined;
    const { answer, replayed } = await this.once.run(caller, keyed, async (tx, actor) => {
      const { personId, password } = await work(tx, actor);
      shown = password;
      return { personId };
    });
    return { ...(await this.one(caller, answer.personId)), oneTimePassword: shown ?? null, shownBefore: replayed };
  }

  private async one(caller: Caller, personId: string): Promise<PersonView> {
    const [row] = await lookUp<Row>(this.db, caller, `${PEOPLE} where id = $1`, [personId]);
    if (!row) throw new Problem('not-found');
    return view(row);
  }
}
