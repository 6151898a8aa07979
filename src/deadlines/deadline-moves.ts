import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { underAdvisoryLock } from '../platform/database/advisory-lock.js';
import { inScope, type Transaction } from '../platform/database/in-scope.js';
import { LOCKS } from '../platform/database/locks.js';
import type { CaseDeps } from '../cases/cases.store.js';
import type { WakeDeps } from '../cases/wakes.js';
import { wakeCase, wakeOrderAnew } from './calendar-wakes.js';
import { writeNotes } from './deadline-notes.js';
import { moveBatch, type MovedBatch } from './moved-tasks.js';
import { nearerOrdersAfter } from './nearer-orders.js';
import { staleStories } from './stale-stories.js';
import { nearerAfter, type Changed } from './nearer-wakes.js';

export interface MoveDeps extends CaseDeps, WakeDeps {
  readonly log: Logger;
}

/** An approved version whose deadlines are moving to the open tasks. */
interface Move {
  id: string;
  phase: 'tasks' | 'wakes' | 'notes';
  after: string | null;
  skipped: number;
  changedFrom: string | null;
  changedThrough: string | null;
}

/** So many tasks a transaction: a decision on one of them waits for one transaction at most. */
const BATCH = 500;
const AT_ONCE = 16;
/** So many processes a second are told of a later deadline: nothing hurries. */
const TOLD_AT_ONCE = 20;
/** A batch that a crash takes away takes its row's progress with it, and is done again; entering the next phase makes all durable. */
const LIGHTLY = `select set_config('synchronous_commit', 'off', true)`;
/** Longer than any transaction of ours may sit idle. */
const LONGEST_TRANSACTION = 25_000;
const LONGEST_MOVE = 600_000;

/**
 * Brings the open tasks up to an approved calendar (A8):
 * 1. Due dates move set-based, in batches.
 * 2. Each process whose next message came nearer is woken.
 * 3. Escalated tasks get their notes.
 * 4. The other processes are woken slowly, because their story in the UI has the former date.
 * One process at a time works, under an advisory lock. After a crash another goes on from the job's row. A batch that runs twice changes
 * nothing the second time.
 */
export class DeadlineMoves {
  private stopped = false;
  private lost: AbortSignal | undefined;
  private running: Promise<void> = Promise.resolve();
  private cancel = new AbortController();

  constructor(
    private readonly deps: MoveDeps,
    private readonly batch = BATCH,
  ) {}

  start(everyMs = 1000): void {
    this.running = this.loop(everyMs);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.cancel.abort();
    await this.running;
  }

  /** Told to stop, or without the lock: another process goes on from the row. */
  private get over(): boolean {
    return this.stopped || this.lost?.aborted === true;
  }

  private async loop(everyMs: number): Promise<void> {
    while (!this.stopped) {
      await this.pass()
        .then(() => this.tell())
        .catch((error: unknown) => this.deps.log.error({ err: error }, 'deadlines could not be moved; trying again'));
      await sleep(everyMs, undefined, { signal: this.cancel.signal }).catch(() => undefined);
    }
  }

  /** Finishes every unfinished move, oldest first; answers how many there were. Nothing when another process is at it. */
  async pass(): Promise<number> {
    if (!(await this.unfinished())) return 0;
    const done = await underAdvisoryLock(this.deps.db, LOCKS.deadlineMoves, (lost) => this.all(lost), LONGEST_MOVE);
    return done ?? 0;
  }

  private async all(lost: AbortSignal): Promise<number> {
    this.lost = lost;
    let finished = 0;
    for (let move = await this.unfinished(); move && !this.over; move = await this.unfinished()) {
      await this.finish(move);
      finished += 1;
    }
    return finished;
  }

  private async unfinished(): Promise<Move | undefined> {
    const [move] = await inScope(this.deps.db, 'process', (tx) =>
      tx.query<Move[]>(
        `select id, phase, after_id as after, skipped, to_char(changed_from, 'YYYY-MM-DD') as "changedFrom", to_char(changed_through,
          'YYYY-MM-DD') as "changedThrough"
         from deadline_move where phase <> 'done' order by approved_at, id limit 1`,
      ),
    );
    return move;
  }

  private async finish(move: Move): Promise<void> {
    await this.olderTransactionsOver();
    const started = performance.now();
    if (move.phase === 'tasks') {
      await this.moveTasks(move);
      await this.enter(move, 'wakes');
    }
    if (move.phase !== 'notes') {
      await this.wakeNearer(move);
      await this.enter(move, 'notes');
    }
    await writeNotes(this.deps, () => this.over);
    await this.enter(move, 'done');
    if (this.over) return;
    this.deps.log.info({ version: move.id, ms: Math.round(performance.now() - started) }, 'the open tasks follow the amended calendar');
  }

  /**
   * Waits until every transaction that began before the approval was visible has ended. Such a transaction may still open a task by the
   * older calendar. Every transaction holds a lock on its own number until its end. Sessions of other programs, such as a dump, open no
   * task.
   */
  private async olderTransactionsOver(): Promise<void> {
    const running = async () =>
      inScope(this.deps.db, 'process', (tx) =>
        tx.query<{ id: string }[]>(
          `select l.virtualtransaction as id from pg_locks l join pg_stat_activity a using (pid)
           where l.locktype = 'virtualxid' and l.granted and a.datname = current_database()
             and a.application_name like 'xueji%' and l.pid <> pg_backend_pid()`,
        ),
      );
    let left = new Set((await running()).map(({ id }) => id));
    for (const end = performance.now() + LONGEST_TRANSACTION; left.size > 0 && performance.now() < end && !this.over;) {
      await sleep(10);
      left = new Set((await running()).map(({ id }) => id).filter((id) => left.has(id)));
    }
  }

  /** Passes over all open tasks until one has met none that somebody held in that moment. */
  private async moveTasks(move: Move): Promise<void> {
    do {
      if (move.after === null) move.skipped = 0;
      for (let last = move.after; !this.over;) {
        const batch = await this.inBatch(move, last);
        move.skipped += batch.skipped;
        last = batch.last;
        if (last === null) break;
      }
      move.after = null;
      if (move.skipped > 0) await sleep(50);
    } while (move.skipped > 0 && !this.over);
  }

  /** The row says how far earlier batches came. */
  private inBatch({ id, skipped }: Move, after: string | null): Promise<MovedBatch> {
    return inScope(this.deps.db, 'process', async (tx) => {
      const [, batch] = await Promise.all([tx.query(LIGHTLY), moveBatch(tx, id, after, this.batch)]);
      await tx.query('update deadline_move set after_id = $2, skipped = $3, moved = moved + $4 where id = $1', [
        id,
        after,
        skipped,
        batch.moved,
      ]);
      return batch;
    });
  }

  /** Tells the next processes of a deadline that moved later, so that the Temporal UI says the present one; answers how many. */
  async tell(): Promise<number> {
    const telling = () =>
      inScope(this.deps.db, 'process', (tx) => tx.query<unknown[]>(`select 1 from deadline_move where telling limit 1`, []));
    if ((await telling()).length === 0) return 0;
    const stale = await underAdvisoryLock(this.deps.db, LOCKS.deadlineMoves, () =>
      inScope(this.deps.db, 'process', (tx) => staleStories(tx, TOLD_AT_ONCE)),
    );
    await Promise.all((stale ?? []).map((one) => wakeCase(this.deps, one)));
    return stale?.length ?? 0;
  }

  private async wakeNearer(move: Move): Promise<void> {
    const { changedFrom: from, changedThrough: through } = move;
    if (from === null || through === null) return;
    await this.wakeNearerOrders(move, { from, through });
    for (let last = move.after; !this.over;) {
      const page = await inScope(this.deps.db, 'process', (tx) => this.nearer(tx, move, last, { from, through }));
      for (let n = 0; n < page.nearer.length; n += AT_ONCE)
        await Promise.all(page.nearer.slice(n, n + AT_ONCE).map((one) => wakeCase(this.deps, one)));
      last = page.last;
      if (last === null) return;
    }
  }

  /** Few are open: whoever comes after a death begins with them anew, and finds those nearer already. */
  private async wakeNearerOrders({ id }: Move, changed: Changed): Promise<void> {
    for (let last: string | null = null; !this.over;) {
      const after = last;
      const page = await inScope(this.deps.db, 'process', async (tx) => {
        const found = await nearerOrdersAfter(tx, this.deps, after, this.batch, changed);
        await tx.query('update deadline_move set woken = woken + $2 where id = $1', [id, found.nearer.length]);
        return found;
      });
      await Promise.all(page.nearer.map((orderId) => wakeOrderAnew(this.deps, orderId)));
      last = page.last;
      if (last === null) return;
    }
  }

  private async nearer(tx: Transaction, { id }: Move, after: string | null, changed: Changed) {
    const page = await nearerAfter(tx, this.deps, after, this.batch, changed);
    await tx.query('update deadline_move set after_id = $2, woken = woken + $3 where id = $1', [id, after, page.nearer.length]);
    return page;
  }

  private async enter(move: Move, phase: 'wakes' | 'notes' | 'done'): Promise<void> {
    if (this.over) return;
    move.after = null;
    await inScope(this.deps.db, 'process', (tx) =>
      tx.query('update deadline_move set phase = $2, after_id = null where id = $1', [move.id, phase]),
    );
  }
}
