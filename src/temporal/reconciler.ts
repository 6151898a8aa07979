import type { Logger } from 'pino';
import { underAdvisoryLock } from '../database/advisory-lock.js';
import { inScope } from '../database/in-scope.js';
import { LOCKS } from '../database/locks.js';
import type { Clock } from '../clock.js';
import { describedRun, howItEnded, noteIncident, whyReplaced, type Found } from './incidents.js';
import { wakeOne, workflowIdOf, type WakeDeps } from './wakes.js';

export interface ReconcilerDeps extends WakeDeps {
  readonly clock: Clock;
  readonly log: Logger;
}

interface Behind {
  id: string;
  kind: string;
  number: string;
}

/** An open request with the run that read its ledger last, and the one before. */
interface Open extends Behind {
  readonly runId?: string | null;
  readonly formerRunId?: string | null;
}

/** One sort of process that is kept running: which are behind their ledger, which should run, and how one is woken. */
export interface Watch {
  readonly lock: number;
  /** Rows of `Behind`, oldest first; $1 now, $2 at most. */
  readonly behind: string;
  /** Rows of `Open` by ascending id; $1 made before, $2 after this id, $3 at most. */
  readonly open: string;
  /** Whether it is kept on record why a run did not go on. */
  readonly incidents?: true;
  /** The visibility query of what runs. */
  readonly running: string;
  readonly wake: (deps: WakeDeps, row: Behind, kind: 'reconciled' | 'restarted') => Promise<void>;
}

/** The requests. */
const CASES: Watch = {
  lock: LOCKS.caseReconciler,
  behind: `select r.id, r.kind, r.number from change_request r left join process_cursor c on c.request_id = r.id
     where r.state = 'open' and (c.request_id is null and r.filed_at < $1::timestamptz - interval '3 seconds'
       or c.seq < r.last_process_seq and greatest(c.read_at, r.filed_at) < $1::timestamptz - interval '3 seconds' or c.next_wake_at < $1::timestamptz - interval '1 minute')
     order by r.filed_at, r.id limit $2`,
  open: `select r.id, r.kind, r.number, c.run_id as "runId", c.former_run_id as "formerRunId"
     from change_request r left join process_cursor c on c.request_id = r.id where r.state = 'open' and r.filed_at < $1 and r.id > $2 order by r.id limit $3`,
  incidents: true,
  running: 'ExecutionStatus = "Running"',
  wake: (deps, { id }, kind) =>
    wakeOne(deps, { requestId: id, kind }, kind === 'restarted' ? 'ALLOW_DUPLICATE' : 'ALLOW_DUPLICATE_FAILED_ONLY'),
};

const AT_MOST = 200;
const COMPARED_AT_ONCE = 5000;
const COMPARE_EVERY = 60_000;
const FIRST = '00000000-0000-0000-0000-000000000000';

/**
 * Keeps the ledger and the workflows of one sort agreeing, under an advisory lock so that one runs at a time: wakes open requests whose ledger is
 * ahead of their cursor or whose next wake passed a minute ago, and restarts what does not run. It decides nothing about a case.
 */
export class Reconciler {
  private readonly backOff = new Map<string, { times: number; until: number }>();
  /** How far the comparison has come; the next one goes on from there, and after the last request from the first. */
  private comparedTo = FIRST;
  private compareAt = 0;

  constructor(
    private readonly deps: ReconcilerDeps,
    private readonly watch: Watch = CASES,
  ) {}

  /** A pass that also compares with the running workflows once a minute. */
  async tick(): Promise<void> {
    await this.pass(Date.now() >= this.compareAt);
  }

  /** One pass; returns the numbers of the requests that were woken or restarted. */
  async pass(compare: boolean): Promise<string[]> {
    const done = await underAdvisoryLock(this.deps.db, this.watch.lock, async () => {
      const woken = await this.wakeBehind();
      if (!compare) return woken;
      const restarted = await this.restartMissing();
      this.compareAt = Date.now() + COMPARE_EVERY; // not before: without the lock, or failing, the minute is not spent
      return [...woken, ...restarted];
    });
    return done ?? [];
  }

  private async wakeBehind(): Promise<string[]> {
    const { db, clock } = this.deps;
    const now = clock.now();
    const rows = await inScope(db, 'process', (tx) =>
      tx.query<Behind[]>(
        this.watch.behind,
        // With room for those that pause: two hundred whom no wake helps would hide all that were filed after them.
        [new Date(now), AT_MOST + this.backOff.size],
      ),
    );
    const due = rows.filter(({ id }) => (this.backOff.get(id)?.until ?? 0) <= Date.now()).slice(0, AT_MOST);
    for (const row of due) await this.again(row);
    const behind = new Set(rows.map(({ id }) => id));
    for (const id of this.backOff.keys()) if (!behind.has(id)) this.backOff.delete(id);
    return due.map(({ number }) => number);
  }

  private async again(row: Behind): Promise<void> {
    const times = (this.backOff.get(row.id)?.times ?? 0) + 1;
    this.backOff.set(row.id, { times, until: Date.now() + Math.min(300_000, 2500 * 2 ** times) });
    this.deps.log.info({ request: row.number, times }, 'waking a request that is behind its ledger');
    await this.watch.wake(this.deps, row, 'reconciled');
  }

  /** Compares open requests with running workflows; a missing, failed, terminated or wrongly completed run starts anew from act 1. */
  private async restartMissing(): Promise<string[]> {
    const { db, client, log } = this.deps;
    const rows = await inScope(db, 'process', (tx) =>
      tx.query<Open[]>(this.watch.open, [new Date(this.deps.clock.now() - 10_000), this.comparedTo, COMPARED_AT_ONCE]),
    );
    const running = new Map<string, string>();
    for await (const { workflowId, runId } of client.workflow.list({ query: this.watch.running })) running.set(workflowId, runId);
    const restarted: string[] = [];
    for (const row of rows) {
      const runId = running.get(workflowIdOf(row.kind, row.number));
      if (runId !== undefined) {
        await this.lookAtFormer(row, runId);
        continue;
      }
      const run = await describedRun(client, workflowIdOf(row.kind, row.number));
      if (run?.status.name === 'RUNNING') continue; // visibility lags behind
      log.warn(
        { request: row.number, found: howItEnded(run) },
        'an open request has no running workflow: starting it anew from the ledger',
      );
      await this.note(row, run?.runId ?? row.runId ?? '', howItEnded(run));
      await this.watch.wake(this.deps, row, 'restarted');
      restarted.push(row.number);
    }
    this.comparedTo = rows.length < COMPARED_AT_ONCE ? FIRST : (rows.at(-1)?.id ?? FIRST);
    return restarted;
  }

  /** A run that replaced another stands by the ledger already; why it did, somebody may have to answer for. */
  private async lookAtFormer(row: Open, now: string): Promise<void> {
    const { client, db, log } = this.deps;
    for (const former of new Set([row.formerRunId, row.runId])) {
      if (!former || former === now) continue;
      const found = await whyReplaced(client, workflowIdOf(row.kind, row.number), former, now);
      if (!found) continue;
      log.warn({ request: row.number, found }, 'the workflow of an open request was replaced; the new run stands by the ledger');
      await this.note(row, former, found);
    }
    if (row.formerRunId)
      await inScope(db, 'process', (tx) =>
        tx.query('update process_cursor set former_run_id = null where request_id = $1 and former_run_id = $2', [row.id, row.formerRunId]),
      );
  }

  private async note({ id }: Open, runId: string, found: Found): Promise<void> {
    if (this.watch.incidents) await noteIncident(this.deps.db, { requestId: id, runId, found, at: this.deps.clock.now() });
  }
}
