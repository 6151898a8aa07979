import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { organisationsOf, type Caller } from '../platform/access/caller.js';
import { OnceOnly, type KeyedRequest } from '../platform/access/idempotency.js';
import { HOLDS_OFFICE_AT } from '../platform/access/offices.sql.js';
import { Cursors } from '../platform/http/cursor.js';
import { Problem } from '../platform/http/problem.js';
import { CLOCK, isoIfAny, isoInShanghai, type Clock } from '../platform/clock.js';
import { FieldCipher } from '../platform/database/field-cipher.js';
import { inScope, type Transaction } from '../platform/database/in-scope.js';
import { appendNext, type By } from '../platform/ledger/streams.js';
import type { Actor, Office } from '../domain/offices.js';
import { holdOffice } from './granting.js';
import { ORGANISATION_NAME, PERSON_NAME } from './organisations.store.js';
import type { OfficeGrantPage, OfficeGrantQuery, OfficeGrantView, RefuseGrant } from './office-grants.dto.js';

type Row = Omit<OfficeGrantView, 'from' | 'until' | 'proposedAt' | 'lapsesAt' | 'settledAt'> & {
  from: Date;
  until: Date | null;
  proposedAt: Date;
  lapsesAt: Date;
  settledAt: Date | null;
};

/** $1 is the present instant. */
const STATE = `case when g.state = 'pending' and g.lapses_at <= $1 then 'lapsed' else g.state end`;
const GRANTS = `
  select g.id, ${ORGANISATION_NAME('o')} as organisation, ${PERSON_NAME('g.person_id')} as person,
    (select w.username from person w where w.id = g.person_id) as username, g.office, g.held_from as "from", g.held_until as until,
    ${STATE} as state, ${PERSON_NAME('g.proposed_by')} as "proposedBy", g.proposed_at as "proposedAt", g.lapses_at as "lapsesAt",
    ${PERSON_NAME('g.settled_by')} as "settledBy", g.settled_at as "settledAt"
  from office_grant g join organisation o on o.id = g.organisation_id`;

/**
 * A pending grant ($1) with the caller's nearest organisation ($2) among it and its superiors; locks its organisation and itself. The
 * proposer must still administer there, and the person still have an account.
 */
const PENDING = `
  select g.organisation_id as "organisationId", g.person_id as "personId", g.office, g.held_from as "from", g.held_until as until,
    g.proposed_by as "proposedBy", g.state, g.lapses_at as "lapsesAt",
    (select u.id from unnest(array_prepend(o.id, o.ancestors)) with ordinality as u (id, nth) where u.id = any($2)
      order by nth limit 1) as at,
    exists (select 1 from person p where p.id = g.person_id and p.disabled_at is null) as "personEnabled",
    exists (select 1 from office a join person p on p.id = a.person_id and p.disabled_at is null where a.person_id = g.proposed_by
      and a.office = 'orgAdmin' and a.organisation_id in (o.id, o.parent_id) and ${HOLDS_OFFICE_AT('a', '$3')}) as "proposerAdministers"
  from office_grant g join organisation o on o.id = g.organisation_id
  where g.id = $1 and (o.id = any($2) or o.ancestors && $2) for update of o, g`;

interface Pending {
  organisationId: string;
  personId: string;
  office: Office;
  from: Date;
  until: Date | null;
  proposedBy: string;
  state: string;
  lapsesAt: Date;
  at: string;
  personEnabled: boolean;
  proposerAdministers: boolean;
}

const MONTH = 30 * 24 * 3_600_000;
/**
 * Whether one of the two could have signed in as the other.
 * 1. The proposer ($1) gave the confirmer ($2) a way to sign in, at any time.
 * 2. The confirmer gave the proposer a new one since $3.
 */
const LINKED = `
  select 1 from act where stream = 'access' and (
    stream_id = $2 and person_id = $1 and kind in ('entered', 'passwordReset', 'subjectBound')
    or stream_id = $1 and person_id = $2 and kind in ('passwordReset', 'subjectBound') and at > $3) limit 1`;

/** Offices that one administrator proposed and a second one confirms (A22). Each move is an act of the organisation. */
@Injectable()
export class OfficeGrants {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly cipher: FieldCipher,
    private readonly once: OnceOnly,
    private readonly cursors: Cursors,
  ) {}

  list(caller: Caller, { state, cursor, limit }: OfficeGrantQuery): Promise<OfficeGrantPage> {
    const [before = null] = this.cursors.read('office-grants', cursor) ?? [];
    return inScope(this.db, caller, async (tx) => {
      const rows = await tx.query<Row[]>(
        `${GRANTS} where (o.id = any($2) or o.ancestors && $2) and ($3::text is null or ${STATE} = $3) and ($4::uuid is null or g.id < $4)
         order by g.id desc limit $5`,
        [new Date(this.clock.now()), organisationsOf(caller, 'orgAdmin'), state ?? null, before, limit + 1],
      );
      return this.cursors.page('office-grants', rows.map(view), limit, ({ id }) => [id]);
    });
  }

  /** @throws Problem second-administrator-required, grant-settled, grant-lapsed, office-overlap, not-your-office, not-found */
  async confirm(caller: Caller, keyed: KeyedRequest, id: string): Promise<OfficeGrantView> {
    const { answer } = await this.once.run(caller, keyed, async (tx, actor) => {
      const { grant, by, now } = await this.pending(tx, actor, id);
      if (!grant.proposerAdministers || !grant.personEnabled) throw new Problem('grant-lapsed');
      if ([grant.proposedBy, grant.personId].includes(actor.personId) || (await areLinked(tx, grant, actor, now)))
        throw new Problem('second-administrator-required');
      await this.settle(tx, id, 'confirmed', by);
      const from = new Date(Math.max(grant.from.getTime(), now));
      const { proposedBy } = grant;
      await holdOffice(tx, { clock: this.clock, cipher: this.cipher }, id, { ...grant, from }, by, { proposedBy });
      return this.one(tx, id);
    });
    return answer;
  }

  /** @throws Problem grant-settled, grant-lapsed, not-your-office, not-found */
  async refuse(caller: Caller, keyed: KeyedRequest, id: string, { reason }: RefuseGrant): Promise<OfficeGrantView> {
    const { answer } = await this.once.run(caller, keyed, async (tx, actor) => {
      const { grant, by } = await this.pending(tx, actor, id);
      await this.settle(tx, id, 'refused', by);
      const { organisationId } = grant;
      await appendNext(tx, { clock: this.clock, cipher: this.cipher }, 'organisation', organisationId, {
        kind: 'grantRefused',
        by,
        body: { officeId: id },
        texts: { reason },
      });
      return this.one(tx, id);
    });
    return answer;
  }

  private async pending(tx: Transaction, actor: Actor, id: string): Promise<{ grant: Pending; by: By; now: number }> {
    const mine = organisationsOf(actor, 'orgAdmin');
    if (mine.length === 0) throw new Problem('not-your-office');
    const now = this.clock.now();
    const [grant] = await tx.query<Pending[]>(PENDING, [id, mine, new Date(now)]);
    if (!grant) throw new Problem('not-found');
    if (grant.state !== 'pending') throw new Problem('grant-settled');
    if (grant.lapsesAt.getTime() <= now) throw new Problem('grant-lapsed');
    return { grant, by: { personId: actor.personId, office: 'orgAdmin', organisationId: grant.at }, now };
  }

  private settle(tx: Transaction, id: string, state: 'confirmed' | 'refused', by: By): Promise<unknown> {
    return tx.query('update office_grant set state = $2, settled_by = $3, settled_at = $4 where id = $1', [
      id,
      state,
      by.personId,
      new Date(this.clock.now()),
    ]);
  }

  private async one(tx: Transaction, id: string): Promise<OfficeGrantView> {
    const [row] = await tx.query<Row[]>(`${GRANTS} where g.id = $2`, [new Date(this.clock.now()), id]);
    if (!row) throw new Problem('not-found');
    return view(row);
  }
}

const areLinked = async (tx: Transaction, { proposedBy }: Pending, { personId }: Actor, now: number): Promise<boolean> =>
  (await tx.query<unknown[]>(LINKED, [proposedBy, personId, new Date(now - MONTH)])).length > 0;

const view = (row: Row): OfficeGrantView => ({
  ...row,
  from: isoInShanghai(row.from.getTime()),
  until: isoIfAny(row.until),
  proposedAt: isoInShanghai(row.proposedAt.getTime()),
  lapsesAt: isoInShanghai(row.lapsesAt.getTime()),
  settledAt: isoIfAny(row.settledAt),
});
