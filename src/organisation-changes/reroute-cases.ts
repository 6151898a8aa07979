import type { Transaction } from '../platform/database/in-scope.js';
import { holderOf, type LivingHolder } from '../organisations/succession.js';
import { lockCases, record, type CaseDeps, type LoadedCase } from '../cases/cases.store.js';
import { CASES_LEFT, reroutedKey, type ChangeRow } from './organisation-changes.store.js';

/** Cases re-routed in one transaction, at most. */
const OPEN_AT_ONCE = 50;
const CLOSED_AT_ONCE = 500;

interface Case {
  readonly id: string;
  readonly kind: string;
  readonly number: string;
}

/**
 * Passes the next open cases to the organisation in the school's place, by one act each, with open tasks and the filer's moves. After all
 * open cases, the next closed ones become visible to the successor. Returns the ids of the cases to wake.
 */
export async function rerouteCases(tx: Transaction, deps: CaseDeps, change: ChangeRow): Promise<Case[]> {
  const to = await holderOf(tx, change.schoolId, deps.clock.now());
  if (!to) throw new Error('a closed school has a successor or an authority that acts for it');
  const open = await left(tx, change.id, `r.state = 'open'`, OPEN_AT_ONCE);
  const ids = open.map(({ id }) => id);
  await Promise.all((await lockCases(tx, ids)).map((one) => reroute(tx, deps, change, one, to)));
  const closed = open.length > 0 ? [] : await left(tx, change.id, `r.state <> 'open'`, CLOSED_AT_ONCE);
  await tx.query(`update change_request set seen_by = array(select distinct unnest(seen_by || $2::uuid[])) where id = any($1::uuid[])`, [
    closed.map(({ id }) => id),
    [to.id, ...to.ladder],
  ]);
  await tx.query('update organisation_change set cases_moved = cases_moved + $2 where id = $1', [change.id, open.length]);
  return open;
}

/** By ascending id, which is the order in which requests are locked. */
const left = (tx: Transaction, changeId: string, condition: string, limit: number): Promise<Case[]> =>
  tx.query<Case[]>(
    `select r.id, r.kind, r.number from change_request r, organisation_change c join organisation s on s.id = c.school_id
     where c.id = $1 and ${condition} and ${CASES_LEFT} order by r.id limit $2`,
    [changeId, limit],
  );

async function reroute(
  tx: Transaction,
  deps: CaseDeps,
  { id: changeId, schoolId }: ChangeRow,
  loaded: LoadedCase,
  to: LivingHolder,
): Promise<void> {
  const key = reroutedKey(changeId);
  if (loaded.state.closed || loaded.acts.some((act) => act.key === key)) return;
  const onBehalf = to.onBehalfOf !== undefined;
  await record(tx, deps, loaded, { kind: 'rerouted', from: schoolId, to: to.id, ladder: to.ladder, onBehalf, changeId }, { key });
}
