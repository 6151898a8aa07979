import type { ActBody } from '../domain/case/acts.js';
import { isPausedBy, type CaseState } from '../domain/case/case.js';
import { beyond, type Transaction } from '../platform/database/in-scope.js';
import { lockCase, lockOpenRequests, record, type CaseDeps, type LoadedCase } from './cases.store.js';
import { studentOf, type RequestRow } from './read-model.js';

/** A case that moved because of another request, to be woken after the commit. */
export interface Moved {
  readonly request: LoadedCase['request'];
  readonly act: ActBody;
}

/** Deaths that were filed hold their students' other open requests; by the death's id what moved. Other kinds hold nothing. */
export async function holdOthersOf(
  tx: Transaction,
  deps: CaseDeps,
  filed: readonly { readonly id: string; readonly kind: string; readonly student: { readonly id: string } }[],
): Promise<Map<string, Moved[]>> {
  const deaths = filed.filter(({ kind }) => kind === 'death');
  const moved = new Map<string, Moved[]>();
  if (deaths.length === 0) return moved;
  const busy = await beyond(tx, 'filing', () =>
    tx.query<{ id: string }[]>(
      `select distinct student_id as id from change_request where student_id = any($1) and state = 'open'
        and kind not in ('death','infoCorrection')`,
      [deaths.map(({ student }) => student.id)],
    ),
  );
  for (const { id, student } of deaths)
    if (busy.some((one) => one.id === student.id)) moved.set(id, await holdOthers(tx, deps, { id, studentId: student.id }));
  return moved;
}

/** A death is filed: it holds the student's other open requests (A16). One that has ended or taken effect goes its own way. */
const holdOthers = (tx: Transaction, deps: CaseDeps, death: Cited): Promise<Moved[]> =>
  onOthers(
    tx,
    deps,
    death,
    { kind: 'held', requestId: death.id, cause: 'death' },
    (state) => !isPausedBy(state, death.id) && !state.ending && !state.effected,
  );

/** The death was rejected, recalled or cancelled: what it held goes on. */
export const releaseOthers = (tx: Transaction, deps: CaseDeps, death: Cited): Promise<Moved[]> =>
  onOthers(tx, deps, death, { kind: 'continued', requestId: death.id }, isHeldByDeath(death));

/** The death took effect: what it held is superseded by it. */
export const supersedeOthers = (tx: Transaction, deps: CaseDeps, death: Cited): Promise<Moved[]> =>
  onOthers(tx, deps, death, { kind: 'superseded', requestId: death.id }, isHeldByDeath(death));

type Cited = Pick<RequestRow, 'id' | 'studentId'>;
const isHeldByDeath =
  ({ id }: Cited) =>
  (state: CaseState): boolean =>
    isPausedBy(state, id) && !state.ending;

const onOthers = (tx: Transaction, deps: CaseDeps, cited: Cited, act: ActBody, concerns: (state: CaseState) => boolean): Promise<Moved[]> =>
  beyond(tx, 'filing', () => recordOnOthers(tx, deps, cited, act, concerns));

async function recordOnOthers(
  tx: Transaction,
  deps: CaseDeps,
  cited: Cited,
  act: ActBody,
  concerns: (state: CaseState) => boolean,
): Promise<Moved[]> {
  const moved: Moved[] = [];
  const { id: death } = cited;
  for (const { id } of await lockOpenRequests(tx, [studentOf(cited)])) {
    const loaded = id === death ? undefined : await lockCase(tx, id);
    // A change of personal information runs beside a death, too (A16).
    if (!loaded || loaded.request.kind === 'infoCorrection' || !concerns(loaded.state)) continue;
    await record(tx, deps, loaded, act, { key: `${act.kind}:${death}` });
    moved.push({ request: loaded.request, act });
  }
  return moved;
}
