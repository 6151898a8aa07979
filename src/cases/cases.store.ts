import { isProcessAct } from '../domain/case/act-kinds.js';
import type { Act, ActBody } from '../domain/case/acts.js';
import type { CaseState } from '../domain/case/case.js';
import { beyond, type Transaction } from '../platform/database/in-scope.js';
import { FILING_SEED } from '../platform/database/locks.js';
import { appendFirst, appending, readStream, readStreams, type LedgerDeps, type StoredAct } from '../platform/ledger/streams.js';
import type { CalendarStore } from '../calendar/calendar.store.js';
import type { Signature } from '../platform/ledger/acted-by.js';
import { project, type RequestRow } from './read-model.js';
import { evolved, historyOf, type CaseHistory } from './rows.js';
import type { Wake } from './wakes.js';

/** A request whose row is locked or only read, with its acts and their fold. */
export interface LoadedCase {
  readonly request: RequestRow;
  readonly acts: readonly StoredAct[];
  readonly history: CaseHistory;
  /** The fold alone. */
  readonly state: CaseState;
}

export interface CaseDeps extends LedgerDeps {
  readonly calendar: CalendarStore;
  /** Wakes another case that an act moved; whom it misses the reconciler wakes. */
  readonly wake?: (wake: Wake) => void;
}

const COLUMNS = `id, number, kind, student_id as "studentId", state, route, details,
  evidence_ids as "evidenceIds", filed_at as "filedAt", last_seq as "lastSeq"`;

export const asAct = (stored: StoredAct): Act =>
  ({ ...stored.body, kind: stored.kind, seq: stored.seq, at: stored.at, ...(stored.by ? { by: stored.by } : {}) }) as Act;

/**
 * Two writers of a case wait for one another. Rows that only name the request wait for neither, because no key changes and no request is
 * removed.
 */
const LOCK = 'for no key update';

/**
 * Locks the request's row and folds its acts. Lock order everywhere: requests by ascending id, then task, then student.
 */
export const lockCase = (tx: Transaction, id: string): Promise<LoadedCase | undefined> => loaded(tx, id, LOCK);

/**
 * Locks all open requests of students in one ordered statement, as a death needs that holds the others (A16). A case that is loaded
 * afterwards in the same transaction is as it stands now.
 */
export const lockOpenRequests = (tx: Transaction, studentIds: readonly string[]): Promise<{ id: string }[]> =>
  beyond(tx, 'filing', () =>
    tx.query(`select id from change_request where student_id = any($1) and state = 'open' order by id ${LOCK}`, [studentIds]),
  );

/** The same for a request of which only the id is known, if it is a death: before its own row is locked. */
export const lockOthersOfDeath = (tx: Transaction, id: string): Promise<unknown> =>
  tx.query(
    `select o.id from change_request d join change_request o on o.student_id = d.student_id and o.state = 'open'
     where d.id = $1 and d.kind = 'death' order by o.id ${LOCK} of o`,
    [id],
  );

/**
 * One filing for a student at a time: a death must see each request filed before it, and a request each death. Entered before any row is
 * locked that others wait for, and left with the transaction. A death locks what it will hold before anything is read: what was about to
 * take effect has, or will not.
 */
export const enterFiling = (tx: Transaction, kind: string, studentIds: readonly string[]): Promise<unknown> =>
  Promise.all([
    tx.query('select pg_advisory_xact_lock(hashtextextended(id::text, $2)) from (select unnest($1::uuid[]) as id order by 1) s', [
      studentIds,
      FILING_SEED,
    ]),
    kind === 'death' ? lockOpenRequests(tx, studentIds) : undefined,
  ]);

/** A case as `lockCase` gives it without a lock, for reads. */
export const readCase = (tx: Transaction, id: string): Promise<LoadedCase | undefined> => loaded(tx, id, '');

/** `lockCase` for many: their rows by ascending id, then all their acts. */
export async function lockCases(tx: Transaction, ids: readonly string[]): Promise<LoadedCase[]> {
  const [requests, streams] = await Promise.all([
    tx.query<RequestRow[]>(`select ${COLUMNS} from change_request where id = any($1::uuid[]) order by id ${LOCK}`, [ids]),
    readStreams(tx, ids),
  ]);
  return requests.map((request) => folded(request, streams.get(request.id) ?? []));
}

/** Row and acts in one round trip; the acts are read after the lock was got, so none is missed. */
async function loaded(tx: Transaction, id: string, lock: typeof LOCK | ''): Promise<LoadedCase | undefined> {
  const [[request], acts] = await Promise.all([
    tx.query<RequestRow[]>(`select ${COLUMNS} from change_request where id = $1 ${lock}`, [id]),
    readStream(tx, id),
  ]);
  return request && folded(request, acts);
}

function folded(request: RequestRow, acts: readonly StoredAct[]): LoadedCase {
  const history = historyOf(acts.map(asAct));
  return { request, acts, history, state: history.state };
}

/** The first act of a request. */
export interface FirstAct {
  readonly requestId: string;
  readonly body: ActBody;
  readonly by?: Signature;
  readonly texts: Readonly<Record<string, string>>;
}

/** Writes the first acts of requests whose rows the same transaction has just inserted. An act is written here or by `record` alone. */
export const recordFirst = (tx: Transaction, deps: CaseDeps, acts: readonly FirstAct[]): Promise<unknown> =>
  appendFirst(
    tx,
    deps,
    'request',
    acts.map(({ requestId, body: { kind, ...body }, by, texts }) => ({
      streamId: requestId,
      act: { kind, process: isProcessAct(kind), body, by, texts },
    })),
  );

/**
 * Appends one act to a locked request and brings the read model up to it. But for the first act of a request it is the only way that one
 * is written.
 */
export async function record(
  tx: Transaction,
  deps: CaseDeps,
  loadedCase: LoadedCase,
  body: ActBody,
  more: { key?: string; by?: Signature; texts?: Record<string, string> } = {},
): Promise<LoadedCase> {
  const { request, acts, history } = loadedCase;
  const { kind, ...rest } = body;
  const last = acts.at(-1);
  const { stored, written } = appending(tx, deps, 'request', request.id, last ?? { seq: 0, at: 0 }, {
    kind,
    process: isProcessAct(kind),
    body: more.by?.onBehalfOfPerson ? { ...rest, onBehalfOfPerson: more.by.onBehalfOfPerson } : rest,
    ...more,
  });
  const act = asAct(stored);
  const after = evolved(history, act);
  await Promise.all([written, project(tx, deps, request, act, history, after)]);
  const { state } = after;
  return {
    request: { ...request, state: state.closed ?? 'open', lastSeq: stored.seq },
    acts: [...acts, stored],
    history: after,
    state,
  };
}
