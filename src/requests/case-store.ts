import { isProcessAct, type Act, type ActBody } from '../domain/acts.js';
import { caseOf, fold, type CaseState } from '../domain/case.js';
import type { Transaction } from '../database/in-scope.js';
import { appending, readStream, type LedgerDeps, type StoredAct } from '../ledger/streams.js';
import type { CalendarStore } from '../calendar/calendar-store.js';
import type { Signature } from './acted-by.js';
import { project, type RequestRow } from './read-model.js';

/** A request whose row is locked (or only read), with its acts and their fold. */
export interface LoadedCase {
  readonly request: RequestRow;
  readonly acts: readonly StoredAct[];
  readonly state: CaseState;
}

export interface CaseDeps extends LedgerDeps {
  readonly calendar: CalendarStore;
}

const COLUMNS = `id, number, kind, student_id as "studentId", state, route, details, evidence_ids as "evidenceIds", filed_at as "filedAt", last_seq as "lastSeq"`;

export const asAct = (stored: StoredAct): Act =>
  ({ ...stored.body, kind: stored.kind, seq: stored.seq, at: stored.at, ...(stored.by ? { by: stored.by } : {}) }) as Act;

/**
 * Locks the request's row and folds its acts. Lock order everywhere: requests by ascending id, then task, then student.
 */
export const lockCase = (tx: Transaction, id: string): Promise<LoadedCase | undefined> => loaded(tx, id, 'for update');

/** The same without a lock, for reads. */
export const readCase = (tx: Transaction, id: string): Promise<LoadedCase | undefined> => loaded(tx, id, '');

/** Row and acts in one round trip; the acts are read after the lock was got, so none is missed. */
async function loaded(tx: Transaction, id: string, lock: 'for update' | ''): Promise<LoadedCase | undefined> {
  const [[request], acts] = await Promise.all([
    tx.query<RequestRow[]>(`select ${COLUMNS} from change_request where id = $1 ${lock}`, [id]),
    readStream(tx, id),
  ]);
  return request && { request, acts, state: caseOf(acts.map(asAct)) };
}

/** Appends one act to a locked request and brings the read model up to it: the only way an act of a request is written. */
export async function record(
  tx: Transaction,
  deps: CaseDeps,
  loadedCase: LoadedCase,
  body: ActBody,
  more: { key?: string; by?: Signature; texts?: Record<string, string> } = {},
): Promise<LoadedCase> {
  const { request, acts, state } = loadedCase;
  const { kind, ...rest } = body;
  const last = acts.at(-1);
  const { stored, written } = appending(tx, deps, 'request', request.id, last ?? { seq: 0, at: 0 }, {
    kind,
    process: isProcessAct(kind),
    body: rest,
    ...more,
  });
  const act = asAct(stored);
  const after = fold(state, act);
  await Promise.all([written, project(tx, deps, request, act, state, after)]);
  return { request: { ...request, state: after.closed ?? 'open', lastSeq: stored.seq }, acts: [...acts, stored], state: after };
}
