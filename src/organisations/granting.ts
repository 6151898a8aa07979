import { Problem } from '../platform/http/problem.js';
import type { Transaction } from '../platform/database/in-scope.js';
import { appendNext, type By, type LedgerDeps } from '../platform/ledger/streams.js';
import type { Office } from '../domain/offices.js';

/** An office that a person is to hold, from–until. */
export interface Tenure {
  readonly personId: string;
  readonly organisationId: string;
  readonly office: Office;
  readonly from: Date;
  readonly until: Date | null;
}

/** Nobody holds an office twice at one time. The organisation's row is locked. */
const HOLD = `
  insert into office (id, person_id, organisation_id, office, held_from, held_until, granted_by) select $1, $2, $3, $4, $5::timestamptz,
    $6::timestamptz, $7
  where not exists (select 1 from office o where o.person_id = $2 and o.organisation_id = $3 and o.office = $4 and o.held_until is distinct
    from o.held_from
    and (o.held_until is null or o.held_until > $5) and ($6::timestamptz is null or o.held_from < $6)) returning 1`;

/** An office as an act tells of it. */
export const toldOf = (officeId: string, { personId, office, from, until }: Omit<Tenure, 'organisationId'>): object => ({
  officeId,
  personId,
  office,
  from: from.toISOString(),
  until: until?.toISOString(),
});

/**
 * Writes an office with its act. Whoever signs grants it: for an office that a second administrator confirms, that administrator.
 * @param more what the act says beside the office
 * @throws Problem office-overlap
 */
export async function holdOffice(tx: Transaction, deps: LedgerDeps, id: string, tenure: Tenure, by: By, more: object = {}): Promise<void> {
  const { personId, organisationId, office, from, until } = tenure;
  const made = await tx.query<unknown[]>(HOLD, [id, personId, organisationId, office, from, until, by.personId]);
  if (made.length === 0) throw new Problem('office-overlap');
  await appendNext(tx, deps, 'organisation', organisationId, {
    kind: 'granted',
    by,
    body: { ...toldOf(id, tenure), ...more },
  });
}
