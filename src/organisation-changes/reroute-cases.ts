import type { Transaction } from '../platform/database/in-scope.js';
import { decidesAt, standsNow, stepOf, type CaseState } from '../domain/case/case.js';
import { PARTIES, type Party, type Side } from '../domain/procedure/procedure.js';
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
  const lines = await linesOf(tx, change);
  await Promise.all((await lockCases(tx, ids)).map((one) => reroute(tx, deps, change, one, { to, lines })));
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
  { to, lines }: { readonly to: LivingHolder; readonly lines: Lines },
): Promise<void> {
  const key = reroutedKey(changeId);
  if (loaded.state.closed || loaded.acts.some((act) => act.key === key)) return;
  const onBehalf = to.onBehalfOf !== undefined;
  const sides = sidesOf(loaded.state, schoolId);
  let now = await record(tx, deps, loaded, { kind: 'rerouted', from: schoolId, to: to.id, ladder: to.ladder, onBehalf, changeId }, { key });
  for (const { step, to: authority } of redirections(now.state, sides, lines))
    now = await record(tx, deps, now, { kind: 'redirected', step, to: authority }, { key: `${key}:${step}` });
}

type AuthorityLevel = 'authority' | 'superior' | 'province';
type Line = Readonly<Record<AuthorityLevel, string | null>>;
/** Who stands above the school that ends, and above the one that goes on in its place. */
interface Lines {
  readonly former?: Line;
  readonly present?: Line;
}

async function linesOf(tx: Transaction, { schoolId, intoSchoolId }: ChangeRow): Promise<Lines> {
  const rows = await tx.query<(Line & { id: string })[]>(
    `select o.id, o.parent_id as authority, s.id as superior, o.province_id as province from organisation o
       join organisation a on a.id = o.parent_id left join organisation s on s.id = a.parent_id and s.level <> 'national'
     where o.id = any($1::uuid[])`,
    [[schoolId, intoSchoolId ?? schoolId]],
  );
  return { former: rows.find(({ id }) => id === schoolId), present: rows.find(({ id }) => id === intoSchoolId) };
}

/** On which sides of a case a school stands, by the route or in another school's place. */
function sidesOf(state: CaseState, schoolId: string): readonly Side[] {
  const { school, sourceSchool, destinationSchool } = state.route.parties;
  const stands = (id: string | undefined): boolean => id !== undefined && standsNow(state, id) === schoolId;
  return [
    ...(stands(school) ? ['own' as const] : []),
    ...(stands(sourceSchool) ? ['source' as const] : []),
    ...(stands(destinationSchool) ? ['destination' as const] : []),
  ];
}

/**
 * The steps that the authorities above the school of now decide, because the former ones have no student any more (Art 12, R-14, A18).
 * What is decided stays. A step that one authority decides for both sides stays too, because it is still the other side's.
 */
function redirections(state: CaseState, sides: readonly Side[], { former, present }: Lines): { step: string; to: string }[] {
  if (!former || !present) return [];
  return state.route.steps.flatMap((step) => {
    const { side, level } = PARTIES[step.id as Party] ?? {};
    if (level !== 'authority' && level !== 'superior' && level !== 'province') return [];
    const [was, to] = [former[level], present[level]];
    const isTheirs = side !== undefined && sides.includes(side) && step.capacities.length === 1;
    if (!isTheirs || !to || to === was || stepOf(state, step.id).status === 'approved') return [];
    return standsNow(state, decidesAt(state, step)) === was ? [{ step: step.id, to }] : [];
  });
}
