import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { FIELD_FAULTS } from '../domain/messages/field-faults.js';
import { existsAt, needsConfirmation, type Actor, type Level, type Office } from '../domain/offices.js';
import { administratorOf } from '../organisations/administrator.js';
import { holdOffice } from '../organisations/granting.js';
import { proposeOffice } from '../organisations/proposing.js';
import { organisationsOf, type Caller } from '../platform/access/caller.js';
import { OnceOnly, type KeyedRequest } from '../platform/access/idempotency.js';
import { Person } from '../platform/access/person.entity.js';
import { ServiceAccount } from '../platform/access/service-account.entity.js';
import { issueKey, type IssuedKey } from '../platform/access/service-keys.js';
import { bindSubject, subjectHash } from '../platform/access/subjects.js';
import { CLOCK, type Clock } from '../platform/clock.js';
import { CONFIG, type Config } from '../platform/config.js';
import { FieldCipher } from '../platform/database/field-cipher.js';
import { inScope, type Transaction } from '../platform/database/in-scope.js';
import { Cursors } from '../platform/http/cursor.js';
import { Problem } from '../platform/http/problem.js';
import { newId } from '../platform/ledger/new-id.js';
import { appendNext, type By, type NewAct } from '../platform/ledger/streams.js';
import { ACCOUNTS_KEPT, accountView, ONE_KEPT, type AccountRow } from './service-accounts.store.js';
import type {
  BindServiceSubject,
  IssuedServiceAccountView,
  NewServiceAccount,
  ServiceAccountPage,
  ServiceAccountQuery,
  ServiceAccountView,
} from './service-accounts.dto.js';

const DAY = 24 * 3_600_000;
const PER_MINUTE = 600;

const OPEN_OFFICES = `
  update office set held_until = greatest(held_from, $2)
  where person_id = $1 and (held_until is null or held_until > greatest(held_from, $2)) returning id, organisation_id as "organisationId"`;

interface Kept {
  readonly account: ServiceAccount;
  readonly by: By;
}

/**
 * Service accounts 服务账号 of vendors' programs. An account is a row of `person` that nobody signs in to, with offices that end with it.
 * Each move is an act of its `access` stream.
 */
@Injectable()
export class ServiceAccounts {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
    private readonly cipher: FieldCipher,
    private readonly once: OnceOnly,
    private readonly cursors: Cursors,
  ) {}

  list(caller: Caller, { state, cursor, limit }: ServiceAccountQuery): Promise<ServiceAccountPage> {
    const [before = null] = this.cursors.read('service-accounts', cursor) ?? [];
    return inScope(this.db, caller, async (tx) => {
      const values = [this.now(), organisationsOf(caller, 'orgAdmin'), state ?? null, before, limit + 1];
      const rows = await tx.query<AccountRow[]>(ACCOUNTS_KEPT, values);
      return this.cursors.page('service-accounts', rows.map(accountView), limit, ({ id }) => [id]);
    });
  }

  /** @throws Problem not-found */
  one(caller: Caller, id: string): Promise<ServiceAccountView> {
    return inScope(this.db, caller, (tx) => this.shown(tx, caller, id));
  }

  /** @throws Problem not-your-office, not-found; invalid-input for an office that the level has not, or too late an end */
  issue(caller: Caller, keyed: KeyedRequest, body: NewServiceAccount): Promise<IssuedServiceAccountView> {
    return this.shownOnce(caller, keyed, async (tx, actor, key) => {
      const { organisationId, name, purpose, offices, areas, kinds, perMinute = PER_MINUTE } = body;
      const { by, level } = await administratorOf(tx, actor, organisationId);
      mustExistAt(offices, level);
      const expiresAt = this.endOf(body.expiresAt);
      const id = newId();
      const now = this.now();
      await tx.of(Person).insert({ id, username: `service:${id}`, displayName: name, enteredAt: now });
      await tx.of(ServiceAccount).insert({
        personId: id,
        organisationId,
        purpose,
        areas,
        kinds: kinds ?? null,
        perMinute: Math.min(perMinute, this.config.requestsPerMinute),
        expiresAt,
        keyPrefix: key.prefix,
        keyHash: key.hash,
        issuedBy: actor.personId,
        issuedAt: now,
      });
      const scope = { offices, areas, kinds, expiresAt: expiresAt.toISOString(), keyPrefix: key.prefix };
      await this.act(tx, id, { kind: 'serviceAccountIssued', by, body: { personId: id, organisationId, ...scope }, texts: { purpose } });
      for (const office of offices) await this.stand(tx, { office, personId: id, organisationId, from: now, until: expiresAt }, by);
      return id;
    });
  }

  /** @throws Problem service-account-ended, not-found */
  renewKey(caller: Caller, keyed: KeyedRequest, id: string, reason: string): Promise<IssuedServiceAccountView> {
    return this.shownOnce(caller, keyed, async (tx, actor, key) => {
      const { by } = await this.living(tx, actor, id);
      await tx.of(Person).update({ id }, { subjectHash: null });
      const issued = { keyPrefix: key.prefix, keyHash: key.hash, issuedBy: actor.personId, issuedAt: this.now() };
      await tx.of(ServiceAccount).update({ personId: id }, issued);
      const told = { personId: id, keyPrefix: key.prefix };
      await this.act(tx, id, { kind: 'serviceKeyRenewed', by, body: told, texts: { reason } });
      return id;
    });
  }

  /** @throws Problem no-issuer, subject-taken, service-account-ended, not-found */
  async bindSubject(caller: Caller, keyed: KeyedRequest, id: string, texts: BindServiceSubject): Promise<ServiceAccountView> {
    const { answer } = await this.once.run(caller, keyed, async (tx, actor) => {
      const { by } = await this.living(tx, actor, id);
      if (!this.config.issuer) throw new Problem('no-issuer');
      const { issuer } = this.config.issuer;
      await bindSubject(tx, id, subjectHash(this.cipher, issuer, texts.subject), this.clock.now());
      const bound = { keyPrefix: null, keyHash: null, issuedBy: actor.personId, issuedAt: this.now() };
      await tx.of(ServiceAccount).update({ personId: id }, bound);
      await this.act(tx, id, { kind: 'subjectBound', by, body: { personId: id, issuer }, texts: { ...texts } });
      return this.shown(tx, actor, id);
    });
    return answer;
  }

  /** Its offices end too. @throws Problem service-account-ended, not-found */
  async revoke(caller: Caller, keyed: KeyedRequest, id: string, reason: string): Promise<ServiceAccountView> {
    const { answer } = await this.once.run(caller, keyed, async (tx, actor) => {
      const { account, by } = await this.kept(tx, actor, id);
      if (account.revokedAt) throw new Problem('service-account-ended');
      const now = this.now();
      await tx.of(Person).update({ id }, { disabledAt: now });
      await tx.of(ServiceAccount).update({ personId: id }, { revokedBy: actor.personId, revokedAt: now });
      await this.act(tx, id, { kind: 'serviceAccountRevoked', by, body: { personId: id }, texts: { reason } });
      const [ended] = await tx.query<[{ id: string; organisationId: string }[], number]>(OPEN_OFFICES, [id, now]);
      for (const office of ended)
        await this.act(tx, office.organisationId, { kind: 'ended', by, body: { officeId: office.id }, texts: { reason } }, 'organisation');
      return this.shown(tx, actor, id);
    });
    return answer;
  }

  /** Nobody grants a program more than a person gets: whoever reviews is confirmed by a second administrator. */
  private async stand(
    tx: Transaction,
    tenure: { office: Office; personId: string; organisationId: string; from: Date; until: Date },
    by: By,
  ): Promise<void> {
    const deps = { clock: this.clock, cipher: this.cipher };
    if (needsConfirmation(tenure.office)) await proposeOffice(tx, deps, newId(), tenure, by);
    else await holdOffice(tx, deps, newId(), tenure, by);
  }

  /** @throws Problem invalid-input */
  private endOf(asked: string | undefined): Date {
    const now = this.clock.now();
    const latest = now + this.config.serviceAccountDays * DAY;
    const ends = asked === undefined ? latest : Date.parse(asked);
    if (ends <= now) throw wrong('/expiresAt', FIELD_FAULTS.past);
    if (ends > latest) throw wrong('/expiresAt', FIELD_FAULTS.tooLate(this.config.serviceAccountDays));
    return new Date(ends);
  }

  private async living(tx: Transaction, actor: Actor, id: string): Promise<Kept> {
    const kept = await this.kept(tx, actor, id);
    if (kept.account.revokedAt || kept.account.expiresAt.getTime() <= this.clock.now()) throw new Problem('service-account-ended');
    return kept;
  }

  /** Locks the organisation's row and then the account's, which is the lock of its stream. */
  private async kept(tx: Transaction, actor: Actor, id: string): Promise<Kept> {
    const found = await tx.of(ServiceAccount).findOneBy({ personId: id });
    if (!found) throw new Problem('not-found');
    const { by } = await administratorOf(tx, actor, found.organisationId);
    await tx.query('select 1 from person where id = $1 for update', [id]);
    return { account: await tx.of(ServiceAccount).findOneByOrFail({ personId: id }), by };
  }

  private async shown(tx: Transaction, actor: Actor, id: string): Promise<ServiceAccountView> {
    const [row] = await tx.query<AccountRow[]>(ONE_KEPT, [this.now(), organisationsOf(actor, 'orgAdmin'), id]);
    if (!row) throw new Problem('not-found');
    return accountView(row);
  }

  private async act(tx: Transaction, streamId: string, act: NewAct, stream: 'access' | 'organisation' = 'access'): Promise<void> {
    await appendNext(tx, { clock: this.clock, cipher: this.cipher }, stream, streamId, act);
  }

  private now(): Date {
    return new Date(this.clock.now());
  }

  /** A key is in the first answer alone: what is kept for a repetition does not hold it. */
  private async shownOnce(
    caller: Caller,
    keyed: KeyedRequest,
    work: (tx: Transaction, actor: Actor, key: IssuedKey) => Promise<string>,
  ): Promise<IssuedServiceAccountView> {
    const key = issueKey();
    const { answer, replayed } = await this.once.run(caller, keyed, async (tx, actor) => this.shown(tx, actor, await work(tx, actor, key)));
    return { ...answer, key: replayed ? null : key.key, shownBefore: replayed };
  }
}

const wrong = (pointer: string, detail: (typeof FIELD_FAULTS)['past']): Problem =>
  new Problem('invalid-input', { errors: [{ pointer, detail }] });

function mustExistAt(offices: readonly Office[], level: Level): void {
  const errors = offices.flatMap((office, at) =>
    existsAt(office, level) ? [] : [{ pointer: `/offices/${at}`, detail: FIELD_FAULTS.noSuchOffice }],
  );
  if (errors.length > 0) throw new Problem('invalid-input', { errors });
}
