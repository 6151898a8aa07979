import { LOCKS } from '../platform/database/locks.js';
import { CASE_KINDS } from '../domain/procedure/procedure.js';
import { wakeOne, type WakeDeps } from './wakes.js';

export interface Behind {
  readonly id: string;
  readonly kind: string;
  readonly number: string;
}

/** A case that should run, with the run that read its ledger last and the run before. */
export interface Open extends Behind {
  readonly since: Date;
  readonly runId?: string | null;
  readonly formerRunId?: string | null;
}

/** A case that is there. */
export interface FoundCase {
  readonly id: string;
  readonly kind: string;
  readonly number: string;
  readonly may: boolean;
  readonly closedAt: Date | null;
}

/** One sort of process that is kept running: which are behind their ledger, which should run, and how one is woken. */
export interface Watch {
  readonly lock: number;
  /** What a workflow id may begin with, before the number. */
  readonly kinds: readonly string[];
  /** Rows of `Behind`, oldest first; $1 now, $2 at most. */
  readonly behind: string;
  /** Rows of `Open` by ascending number; $1 after this number, $2 at most. */
  readonly openAfter: string;
  /** Rows of `Open` with one of the numbers $1. */
  readonly openAmong: string;
  /** Rows of `FoundCase`, of the numbers $1; a run may stand of those that are open or ended after $2. */
  readonly mayRun: string;
  /** The query for runs on a task queue that are of no type of ours, or under an id that their type does not have. One watch asks it. */
  readonly strangers?: (taskQueue: string) => string;
  /** Whether it is kept on record why a run did not go on. */
  readonly incidents?: true;
  readonly wake: (deps: WakeDeps, row: Behind, kind: 'reconciled' | 'restarted') => Promise<void>;
}

const OPEN = `select r.id, r.kind, r.number, r.filed_at as since, c.run_id as "runId", c.former_run_id as "formerRunId"
  from change_request r left join process_cursor c on c.request_id = r.id where r.state = 'open'`;

/** What follows every id that begins with a kind and a stroke, whatever script its number is in: the character behind `/` is `0`. */
export const afterIds = (kind: string): string => `${kind}0`;

/** Every type of workflow, with what its ids begin with. */
const TYPES = [...CASE_KINDS, 'order', 'schoolMerger', 'schoolClosure'];
const OF_NO_TYPE = `(${TYPES.map((type) => `WorkflowType != "${type}"`).join(' and ')})`;
const OF_NO_ID = TYPES.map((type) => `(WorkflowType = "${type}" and (WorkflowId < "${type}/" or WorkflowId >= "${afterIds(type)}"))`).join(
  ' or ',
);
const strangers = (taskQueue: string): string =>
  `ExecutionStatus = "Running" and TaskQueue = "${taskQueue}" and (${OF_NO_TYPE} or ${OF_NO_ID})`;

/** The requests. */
export const CASES: Watch = {
  lock: LOCKS.caseReconciler,
  kinds: CASE_KINDS,
  behind: `select r.id, r.kind, r.number from change_request r left join process_cursor c on c.request_id = r.id
     where r.state = 'open' and (c.request_id is null and r.filed_at < $1::timestamptz - interval '3 seconds'
       or c.seq < r.last_process_seq and greatest(c.read_at, r.filed_at) < $1::timestamptz - interval '3 seconds'
         or c.next_wake_at < $1::timestamptz - interval '1 minute')
     order by r.filed_at, r.id limit $2`,
  openAfter: `${OPEN} and r.number > $1 order by r.number limit $2`,
  openAmong: `${OPEN} and r.number = any($1)`,
  mayRun: `select id, kind, number, state = 'open' or closed_at > $2 as may, closed_at as "closedAt" from change_request
     where number = any($1)`,
  incidents: true,
  strangers,
  wake: (deps, { id }, kind) =>
    wakeOne(deps, { requestId: id, kind }, kind === 'restarted' ? 'ALLOW_DUPLICATE' : 'ALLOW_DUPLICATE_FAILED_ONLY'),
};
