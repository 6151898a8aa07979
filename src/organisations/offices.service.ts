import { FIELD_FAULTS } from '../domain/messages/field-faults.js';
import type { Words } from '../domain/messages/words.js';
import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { IsNull, type DataSource } from 'typeorm';
import type { Caller } from '../platform/access/caller.js';
import { OnceOnly, type KeyedRequest } from '../platform/access/idempotency.js';
import { Problem } from '../platform/http/problem.js';
import { CLOCK, isoIfAny, isoInShanghai, type Clock } from '../platform/clock.js';
import { FieldCipher } from '../platform/database/field-cipher.js';
import { inScope, type Transaction } from '../platform/database/in-scope.js';
import { existsAt, needsConfirmation } from '../domain/offices.js';
import { appendNext, type By } from '../platform/ledger/streams.js';
import { newId } from '../platform/ledger/new-id.js';
import { administratorOf, mustSeeOrganisation } from './administrator.js';
import { holdOffice } from './granting.js';
import { proposeOffice } from './proposing.js';
import { ServiceAccount } from '../platform/access/service-account.entity.js';
import { Person } from '../platform/access/person.entity.js';
import type { EndOffice, GrantOffice, OfficeHolderView } from './organisations.dto.js';

interface HolderRow {
  id: string;
  personId: string;
  displayName: string;
  username: string;
  office: string;
  heldFrom: Date;
  heldUntil: Date | null;
  pendingUntil: Date | null;
}

const HOLDERS = `select o.id, p.id as "personId", p.display_name as "displayName", p.username, o.office, o.held_from as "heldFrom",
  o.held_until as "heldUntil", null::timestamptz as "pendingUntil"
  from office o join person p on p.id = o.person_id`;
const PROPOSED = `select g.id, p.id as "personId", p.display_name as "displayName", p.username, g.office, g.held_from as "heldFrom",
  g.held_until as "heldUntil", g.lapses_at as "pendingUntil"
  from office_grant g join person p on p.id = g.person_id where g.id = $1`;

/** One that has not begun ends at its beginning: it was never held. */
const END = `update office set held_until = greatest(held_from, $3)
  where id = $1 and organisation_id = $2 and (held_until is null or held_until > greatest(held_from, $3)) returning 1`;

const wrong = (pointer: string, detail: Words): Problem => new Problem('invalid-input', { errors: [{ pointer, detail }] });

/** An office gives no rights in the past: what was done then was done without it. */
function termOf({ from, until }: GrantOffice, now: number): { from: Date; until: Date | null } {
  const begins = from ? Date.parse(from) : now;
  if (begins < now) throw wrong('/from', FIELD_FAULTS.past);
  const ends = until ? Date.parse(until) : undefined;
  if (ends !== undefined && ends <= begins) throw wrong('/until', FIELD_FAULTS.notAfterFrom);
  return { from: new Date(begins), until: ends === undefined ? null : new Date(ends) };
}

const view = (row: HolderRow): OfficeHolderView => ({
  ...row,
  heldFrom: isoInShanghai(row.heldFrom.getTime()),
  heldUntil: isoIfAny(row.heldUntil),
  pendingUntil: isoIfAny(row.pendingUntil),
});

/**
 * Offices are granted and ended with a record in the organisation's stream, by the administrator of the organisation's parent or of itself
 * (A22).
 */
@Injectable()
export class Offices {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly cipher: FieldCipher,
    private readonly once: OnceOnly,
  ) {}

  async holders(caller: Caller, organisationId: string): Promise<OfficeHolderView[]> {
    return inScope(this.db, caller, async (tx) => {
      await mustSeeOrganisation(tx, caller, organisationId);
      return (await tx.query<HolderRow[]>(`${HOLDERS} where o.organisation_id = $1 order by o.office, o.held_from`, [organisationId])).map(
        view,
      );
    });
  }

  /**
   * Grants a clerk's office, and proposes every other to a second administrator. Nobody is granted anything by himself.
   * @throws Problem own-office, office-overlap, not-your-office, not-found
   * @throws Problem invalid-input for a time that has passed or ends before it begins
   */
  async grant(caller: Caller, keyed: KeyedRequest, organisationId: string, body: GrantOffice): Promise<OfficeHolderView> {
    const { answer } = await this.once.run(caller, keyed, async (tx, actor) => {
      const { by, level } = await administratorOf(tx, actor, organisationId);
      const { username, office } = body;
      if (!existsAt(office, level)) throw wrong('/office', FIELD_FAULTS.noSuchOffice);
      const person = await tx.of(Person).findOne({ select: { id: true }, where: { username, disabledAt: IsNull() } });
      // A service account has the offices that it was issued with.
      if (!person || (await tx.of(ServiceAccount).existsBy({ personId: person.id }))) throw wrong('/username', FIELD_FAULTS.unknownPerson);
      if (person.id === actor.personId) throw new Problem('own-office');
      const id = newId();
      const deps = { clock: this.clock, cipher: this.cipher };
      const tenure = { ...termOf(body, this.clock.now()), personId: person.id, organisationId, office };
      if (needsConfirmation(office)) await proposeOffice(tx, deps, id, tenure, by);
      else await holdOffice(tx, deps, id, tenure, by);
      return this.one(tx, id, needsConfirmation(office) ? PROPOSED : `${HOLDERS} where o.id = $1`);
    });
    return answer;
  }

  async end(
    caller: Caller,
    keyed: KeyedRequest,
    { id: organisationId, officeId }: { id: string; officeId: string },
    { reason }: EndOffice,
  ): Promise<OfficeHolderView> {
    const { answer } = await this.once.run(caller, keyed, async (tx, actor) => {
      const { by } = await administratorOf(tx, actor, organisationId);
      const now = new Date(this.clock.now());
      const [, ended] = await tx.query<[unknown, number]>(END, [officeId, organisationId, now]);
      if (ended === 0) throw new Problem('not-found');
      await this.act(tx, organisationId, { kind: 'ended', by, body: { officeId }, texts: { reason } });
      return this.one(tx, officeId, `${HOLDERS} where o.id = $1`);
    });
    return answer;
  }

  private async act(
    tx: Transaction,
    organisationId: string,
    act: { kind: string; by: By; body: object; texts?: Record<string, string> },
  ): Promise<void> {
    await appendNext(tx, { clock: this.clock, cipher: this.cipher }, 'organisation', organisationId, act);
  }

  private async one(tx: Transaction, id: string, which: string): Promise<OfficeHolderView> {
    const [row] = await tx.query<HolderRow[]>(which, [id]);
    if (!row) throw new Problem('not-found');
    return view(row);
  }
}
