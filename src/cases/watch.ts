import { LOCKS } from '../platform/database/locks.js';
import { DUPLICATE_RULING, PROCEDURES } from '../domain/procedure/procedures.js';
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
  /** Rows of `kind` and `number`, of the numbers $1, of which a run may stand: open, or ended after $2. */
  readonly mayRun: string;
  /** Whether it is kept on record why a run did not go on. */
  readonly incidents?: true;
  readonly wake: (deps: WakeDeps, row: Behind, kind: 'reconciled' | 'restarted') => Promise<void>;
}

const OPEN = `select r.id, r.kind, r.number, r.filed_at as since, c.run_id as "runId", c.former_run_id as "formerRunId"
  from change_request r left join process_cursor c on c.request_id = r.id where r.state = 'open'`;

/** The requests. */
export const CASES: Watch = {
  lock: LOCKS.caseReconciler,
  kinds: [...Object.keys(PROCEDURES), DUPLICATE_RULING.kind],
  behind: `select r.id, r.kind, r.number from change_request r left join process_cursor c on c.request_id = r.id
     where r.state = 'open' and (c.request_id is null and r.filed_at < $1::timestamptz - interval '3 seconds'
       or c.seq < r.last_process_seq and greatest(c.read_at, r.filed_at) < $1::timestamptz - interval '3 seconds'
         or c.next_wake_at < $1::timestamptz - interval '1 minute')
     order by r.filed_at, r.id limit $2`,
  openAfter: `${OPEN} and r.number > $1 order by r.number limit $2`,
  openAmong: `${OPEN} and r.number = any($1)`,
  mayRun: `select kind, number from change_request where number = any($1) and (state = 'open' or closed_at > $2)`,
  incidents: true,
  wake: (deps, { id }, kind) =>
    wakeOne(deps, { requestId: id, kind }, kind === 'restarted' ? 'ALLOW_DUPLICATE' : 'ALLOW_DUPLICATE_FAILED_ONLY'),
};
