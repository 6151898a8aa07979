import type { Logger } from 'pino';
import { underAdvisoryLock } from '../platform/database/advisory-lock.js';
import { inScope } from '../platform/database/in-scope.js';
import type { Clock } from '../platform/clock.js';
import { Comparison } from './comparison.js';
import type { WakeDeps } from './wakes.js';
import { CASES, type Behind, type Watch } from './watch.js';

export interface ReconcilerDeps extends WakeDeps {
  readonly clock: Clock;
  readonly log: Logger;
}

const AT_MOST = 200;
const COMPARE_EVERY = 60_000;

/**
 * Reconciles the ledger with the workflows of one sort, under an advisory lock, so that one process at a time does. It decides nothing
 * about a case.
 * 1. It wakes an open case whose ledger is ahead of its cursor.
 * 2. It wakes an open case whose next wake passed a minute ago.
 * 3. It restarts a case whose workflow does not run.
 */
export class Reconciler {
  private readonly backOff = new Map<string, { times: number; until: number }>();
  private readonly comparison: Comparison;
  /** Pauses of the loop itself are measured by the machine's steady clock, because nobody's deadline depends on them. */
  private compareAt = 0;

  constructor(
    private readonly deps: ReconcilerDeps,
    private readonly watch: Watch = CASES,
    windowSize?: number,
  ) {
    this.comparison = new Comparison(deps, watch, windowSize);
  }

  /** A pass that also compares with the workflows once a minute. */
  async tick(): Promise<void> {
    await this.pass(performance.now() >= this.compareAt);
  }

  /** One pass; returns the numbers of the requests that were woken or restarted. */
  async pass(compare: boolean): Promise<string[]> {
    const done = await underAdvisoryLock(this.deps.db, this.watch.lock, async (lost) => {
      const woken = await this.wakeBehind(lost);
      return compare && !lost.aborted ? [...woken, ...(await this.compare())] : woken;
    });
    return done ?? [];
  }

  private async compare(): Promise<string[]> {
    const ended = await this.comparison.endedSince();
    const missing = await this.comparison.nextWindow();
    // Not before: without the lock, or failing, the minute is not spent. Where much is missing, all of it may be: the next window comes at
    // once.
    this.compareAt = missing.length > 0 ? 0 : performance.now() + COMPARE_EVERY;
    return [...new Set([...ended, ...missing])];
  }

  private async wakeBehind(lost: AbortSignal): Promise<string[]> {
    const { db, clock } = this.deps;
    const now = clock.now();
    const rows = await inScope(db, 'process', (tx) =>
      tx.query<Behind[]>(
        this.watch.behind,
        // With room for those that pause: two hundred whom no wake helps would hide all that were filed after them.
        [new Date(now), AT_MOST + this.backOff.size],
      ),
    );
    const due = rows.filter(({ id }) => (this.backOff.get(id)?.until ?? 0) <= performance.now()).slice(0, AT_MOST);
    const woken: string[] = [];
    for (const row of due) {
      if (lost.aborted) return woken;
      await this.again(row);
      woken.push(row.number);
    }
    const behind = new Set(rows.map(({ id }) => id));
    for (const id of this.backOff.keys()) if (!behind.has(id)) this.backOff.delete(id);
    return woken;
  }

  private async again(row: Behind): Promise<void> {
    const times = (this.backOff.get(row.id)?.times ?? 0) + 1;
    this.backOff.set(row.id, { times, until: performance.now() + Math.min(300_000, 2500 * 2 ** times) });
    this.deps.log.info({ request: row.number, times }, 'waking a request that is behind its ledger');
    await this.watch.wake(this.deps, row, 'reconciled');
  }
}
