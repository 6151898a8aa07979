import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';

const LOOK_AGAIN_MS = 3;

interface Waiter {
  readonly since: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/**
 * Tells all clients of a subject when what they wait for is in the database, by one small statement every few milliseconds: sixteen
 * clients that each asked the inbox in a loop would measure their own asking. What a client sees, it still reads through the front door.
 */
export class Watch {
  private readonly waiting = new Map<string, Waiter>();
  private looking?: Promise<void>;

  /** @param sql with the case ids as $1; answers `id` and `what` of each thing that is there */
  constructor(
    private readonly db: pg.Pool,
    private readonly sql: string,
  ) {}

  until(id: string, what: string): Promise<void> {
    const there = new Promise<void>((resolve, reject) => this.waiting.set(`${id} ${what}`, { since: performance.now(), resolve, reject }));
    this.looking ??= this.look()
      .catch((error: unknown) => this.giveUp(error))
      .finally(() => (this.looking = undefined));
    return there;
  }

  private async look(): Promise<void> {
    while (this.waiting.size > 0) {
      const ids = [...new Set([...this.waiting.keys()].map((key) => key.slice(0, key.indexOf(' '))))];
      const { rows } = await this.db.query<{ id: string; what: string }>({ name: 'watch', text: this.sql, values: [ids] });
      for (const { id, what } of rows) this.settle(`${id} ${what}`, (waiter) => waiter.resolve());
      for (const [key, { since }] of this.waiting)
        if (performance.now() - since > 30_000) this.settle(key, (waiter) => waiter.reject(new Error(`waited 30 s for ${key}`)));
      await sleep(LOOK_AGAIN_MS);
    }
  }

  /** What the database answers goes to who waits: a rejection that nobody hears would end the run and hide why. */
  private giveUp(error: unknown): void {
    for (const key of [...this.waiting.keys()])
      this.settle(key, ({ reject }) => reject(error instanceof Error ? error : new Error(String(error))));
  }

  private settle(key: string, how: (waiter: Waiter) => void): void {
    const waiter = this.waiting.get(key);
    this.waiting.delete(key);
    if (waiter) how(waiter);
  }
}
