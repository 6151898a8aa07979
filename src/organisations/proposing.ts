import { Problem } from '../platform/http/problem.js';
import type { Transaction } from '../platform/database/in-scope.js';
import { appendNext, type By, type LedgerDeps } from '../platform/ledger/streams.js';
import { OfficeGrant } from './office-grant.entity.js';
import { toldOf, type Tenure } from './granting.js';

const TWO_WEEKS = 14 * 24 * 3_600_000;

/** The person holds the office at that time, or is to: offices ($1 person, $2 organisation, $3 office, $4 from, $5 until, $6 now). */
const TAKEN = `
  select 1 from (
    select o.held_from, o.held_until from office o
    where o.person_id = $1 and o.organisation_id = $2 and o.office = $3 and o.held_until is distinct from o.held_from
    union all
    select g.held_from, g.held_until from office_grant g
    where g.person_id = $1 and g.organisation_id = $2 and g.office = $3 and g.state = 'pending' and g.lapses_at > $6) t
  where (t.held_until is null or t.held_until > $4) and ($5::timestamptz is null or t.held_from < $5) limit 1`;

/**
 * Proposes an office to a second administrator, with its act. It lapses after two weeks, or at the office's own end.
 * @throws Problem office-overlap
 */
export async function proposeOffice(tx: Transaction, deps: LedgerDeps, id: string, tenure: Tenure, by: By): Promise<void> {
  const { personId, organisationId, office, from, until } = tenure;
  const now = deps.clock.now();
  const taken = await tx.query<unknown[]>(TAKEN, [personId, organisationId, office, from, until, new Date(now)]);
  if (taken.length > 0) throw new Problem('office-overlap');
  const lapsesAt = new Date(Math.min(now + TWO_WEEKS, until?.getTime() ?? Infinity));
  await tx.of(OfficeGrant).insert({
    id,
    organisationId,
    personId,
    office,
    heldFrom: from,
    heldUntil: until,
    proposedBy: by.personId,
    proposedAt: new Date(now),
    lapsesAt,
    state: 'pending',
  });
  await appendNext(tx, deps, 'organisation', organisationId, {
    kind: 'grantProposed',
    by,
    body: { ...toldOf(id, tenure), organisationId, lapsesAt: lapsesAt.toISOString() },
  });
}
