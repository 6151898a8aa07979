import { WorkflowNotFoundError, type WorkflowExecutionInfo } from '@temporalio/client';
import { systemClock } from '../platform/clock.js';
import { inScope } from '../platform/database/in-scope.js';
import { wake } from '../../workflows/messages.js';
import { describedRun, explainIncident, howItEnded, noteIncident, whyReplaced, type FoundIncident } from './incidents.js';
import type { ReconcilerDeps } from './reconciler.js';
import { workflowIdOf } from './wakes.js';
import { afterIds, type FoundCase, type Open, type Watch } from './watch.js';

type Run = Pick<WorkflowExecutionInfo, 'workflowId' | 'runId'>;
type Running = Run & Pick<WorkflowExecutionInfo, 'type' | 'taskQueue' | 'startTime'>;

const HOUR = 3_600_000;
/** Milliseconds of the last look that are looked at again, because visibility lags and Temporal's clock is not the worker's. */
const OVERLAP = 300_000;
const AT_ONCE = 16;
/** Workflows that no case knows, in one look: somebody may start any number. */
const MANY = 200;
/** Ended runs that are held in memory at a time, however many there are. */
const PAGE = 500;
/** What was filed, or ended, so lately is still on its way to Temporal. */
const LATELY = 10_000;
const ENDED = `ExecutionStatus in ("Terminated", "Failed", "TimedOut", "Canceled")`;

/** Compares what is open in the ledger with the workflows of one sort. Each look may fail, or be done twice. */
export class Comparison {
  /** By the machine's clock, because it is compared with when Temporal says that a run closed. */
  private lookedAt = systemClock.now() - HOUR;
  private seen: ReadonlySet<string> = new Set();
  /** The number up to which the windows have come; after the last open request they begin anew. */
  private windowFrom = '';

  constructor(
    private readonly deps: ReconcilerDeps,
    private readonly watch: Watch,
    private readonly size = 5000,
  ) {}

  /**
   * Runs that somebody or something ended since the last look: of all open requests, however many there are. What does not run any more
   * starts anew from act 1, and why it did not go on is put on record. Answers the numbers of those that were started.
   */
  async endedSince(): Promise<string[]> {
    const now = systemClock.now();
    const since = new Date(this.lookedAt - OVERLAP).toISOString();
    const query = `${ENDED} and CloseTime > "${since}" and WorkflowType in (${this.watch.kinds.map(quoted).join(', ')})`;
    const [restarted, seen] = [[] as string[], new Set<string>()];
    for await (const page of pagesOf(this.deps.client.workflow.list({ query }), PAGE)) {
      restarted.push(...(await this.lookAtEnded(page.filter(({ runId }) => !this.seen.has(runId)))));
      // Only what the next look lists again is kept, so that this grows with five minutes and not with all that ever ended.
      for (const { runId, closeTime } of page) if (!closeTime || closeTime.getTime() > now - OVERLAP) seen.add(runId);
    }
    this.seen = seen;
    this.lookedAt = now;
    return restarted;
  }

  private async lookAtEnded(runs: readonly Run[]): Promise<string[]> {
    const open = new Map((await this.openOf(runs)).map((row) => [idOf(row), row]));
    return inTurns(runs, async (run) => {
      const row = open.get(run.workflowId);
      return row && this.afterEnd(row, run);
    });
  }

  /**
   * Compares the next window of request numbers with Temporal. A run that is missing is started, and a run too many is woken to look. The
   * window's size bounds the questions to Temporal, however many cases are open.
   */
  async nextWindow(): Promise<string[]> {
    const rows = await this.rows(this.watch.openAfter, [this.windowFrom, this.size]);
    const last = rows.length < this.size ? undefined : rows.at(-1)?.number;
    const running = await this.listed(`ExecutionStatus = "Running" and (${this.window(last)})`);
    const runOf = new Map(running.map((run) => [run.workflowId, run]));
    const lately = this.deps.clock.now() - LATELY;
    const restarted = await inTurns(rows, async (row) => {
      const run = runOf.get(idOf(row));
      if (run && this.isForeign(row, run)) return this.replaceForeign(row, run);
      if (run) return this.lookAtFormer(row, run.runId);
      return row.since.getTime() < lately ? this.missing(row) : undefined;
    });
    const known = new Set(rows.map(idOf));
    await this.tellStrays(running.filter(({ workflowId, taskQueue }) => !known.has(workflowId) && taskQueue === this.deps.taskQueue));
    this.windowFrom = last ?? '';
    if (this.watch.strangers) for (const run of await this.listed(this.watch.strangers(this.deps.taskQueue), MANY)) await this.unknown(run);
    return restarted;
  }

  /** Whoever may start workflows could take a case's id before us, so that its process is never ours. */
  private isForeign({ kind }: Open, { type, taskQueue }: Running): boolean {
    return type !== kind || taskQueue !== this.deps.taskQueue;
  }

  private async replaceForeign(row: Open, { workflowId, runId }: Running): Promise<string> {
    await this.deps.client.workflow
      .getHandle(workflowId, runId)
      .terminate('not started by xueji')
      .catch((error: unknown) => {
        if (!(error instanceof WorkflowNotFoundError)) throw error;
      });
    return this.restart(row, runId, 'foreign');
  }

  /** On record once for each run, and left to the operator: it may be somebody's work. */
  private async unknown({ workflowId, runId }: Run): Promise<void> {
    const { db, clock, log } = this.deps;
    const first = await noteIncident(db, { about: workflowId, runId, found: 'unknown', at: clock.now() });
    if (first) log.warn({ workflow: workflowId, run: runId }, 'a workflow runs on our queue that no case knows');
  }

  private window(last: string | undefined): string {
    return this.watch.kinds
      .map((kind) => {
        const upTo = last === undefined ? `< "${afterIds(kind)}"` : `<= "${kind}/${last}"`;
        return `(WorkflowId > "${kind}/${this.windowFrom}" and WorkflowId ${upTo})`;
      })
      .join(' or ');
  }

  private async missing(row: Open): Promise<string | undefined> {
    const run = await describedRun(this.deps.client, idOf(row));
    if (run?.status.name === 'RUNNING') return undefined; // visibility lags behind
    return this.restart(row, run?.runId ?? row.runId ?? '', howItEnded(run));
  }

  private async afterEnd(row: Open, ended: Run): Promise<string | undefined> {
    const { client } = this.deps;
    const latest = await describedRun(client, idOf(row));
    const how = howItEnded(await describedRun(client, idOf(row), ended.runId));
    if (latest?.status.name !== 'RUNNING') return this.restart(row, ended.runId, how);
    const why = how === 'terminated' ? await whyReplaced(client, idOf(row), ended.runId, latest.runId) : how;
    if (why) await this.note(row, ended.runId, why);
    return undefined;
  }

  private async restart(row: Open, runId: string, found: FoundIncident): Promise<string> {
    this.deps.log.warn({ request: row.number, found }, 'an open request has no running workflow: starting it anew from the ledger');
    await this.note(row, runId, found);
    await this.watch.wake(this.deps, row, 'restarted');
    return row.number;
  }

  /** A run that replaced another stands by the ledger already; why it did, somebody may have to answer for. */
  private async lookAtFormer(row: Open, now: string): Promise<undefined> {
    const { client, db } = this.deps;
    for (const former of new Set([row.formerRunId, row.runId])) {
      if (!former || former === now) continue;
      const found = await whyReplaced(client, idOf(row), former, now);
      if (found) await this.note(row, former, found);
    }
    if (row.formerRunId)
      await inScope(db, 'process', (tx) =>
        tx.query('update process_cursor set former_run_id = null where request_id = $1 and former_run_id = $2', [row.id, row.formerRunId]),
      );
  }

  /** Runs of requests that have ended or that the ledger does not know: told to look, each ends by itself. */
  private async tellStrays(unknown: readonly Running[]): Promise<void> {
    if (unknown.length === 0) return;
    const { db, client, clock, log } = this.deps;
    const may = await inScope(db, 'process', (tx) =>
      tx.query<FoundCase[]>(this.watch.mayRun, [unknown.map(numberOf), new Date(clock.now() - 6 * LATELY)]),
    );
    const known = new Map(may.map((row) => [idOf(row), row]));
    await inTurns(
      unknown.filter(({ workflowId }) => known.get(workflowId)?.may !== true),
      async (run) => {
        const { workflowId, runId } = run;
        const ended = known.get(workflowId);
        if (!ended) await this.unknown(run);
        else if (ended.closedAt && run.startTime.getTime() > ended.closedAt.getTime() + 6 * LATELY)
          await this.note(ended, runId, 'foreign');
        log.warn({ workflow: workflowId, run: runId }, 'a workflow runs whose request has ended or is unknown: telling it to look');
        await client.workflow
          .getHandle(workflowId, runId)
          .signal(wake, { kind: 'reconciled' })
          .catch((error: unknown) => {
            if (!(error instanceof WorkflowNotFoundError)) throw error;
          });
        return undefined;
      },
    );
  }

  private async note({ id, kind, number }: Pick<Open, 'id' | 'kind' | 'number'>, runId: string, found: FoundIncident): Promise<void> {
    const { db, clock, log } = this.deps;
    if (!this.watch.incidents) return;
    const first = await noteIncident(db, { requestId: id, runId, found, at: clock.now() });
    if (!first) return;
    log.warn({ request: number, run: runId, found }, 'a run of an open request did not go on by itself');
    await explainIncident(this.deps, idOf({ kind, number }), { about: id, runId });
  }

  private async openOf(runs: readonly Run[]): Promise<readonly Open[]> {
    return runs.length === 0 ? [] : this.rows(this.watch.openAmong, [[...new Set(runs.map(numberOf))]]);
  }

  private rows(sql: string, values: unknown[]): Promise<Open[]> {
    return inScope(this.deps.db, 'process', (tx) => tx.query<Open[]>(sql, values));
  }

  private async listed(query: string, most = Infinity): Promise<WorkflowExecutionInfo[]> {
    const found: WorkflowExecutionInfo[] = [];
    for await (const one of this.deps.client.workflow.list({ query })) if (found.push(one) >= most) break;
    return found;
  }
}

const quoted = (text: string): string => `"${text}"`;
const idOf = ({ kind, number }: { kind: string; number: string }): string => workflowIdOf(kind, number);
const numberOf = ({ workflowId }: Run): string => workflowId.slice(workflowId.indexOf('/') + 1);

/** What comes one by one, in lists of at most `size`. */
async function* pagesOf<T>(all: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let page: T[] = [];
  for await (const one of all) {
    page.push(one);
    if (page.length < size) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}

/** Several at a time; answers what came of them. */
async function inTurns<T>(all: readonly T[], one: (each: T) => Promise<string | undefined>): Promise<string[]> {
  const made: (string | undefined)[] = [];
  for (let n = 0; n < all.length; n += AT_ONCE) made.push(...(await Promise.all(all.slice(n, n + AT_ONCE).map(one))));
  return made.filter((number) => number !== undefined);
}
