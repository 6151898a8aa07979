import type { Transaction } from '../database/in-scope.js';

/** How much a holder has spent in the present window. */
export interface Spent {
  readonly holderId: string;
  readonly n: string;
}

/**
 * Adds to what each holder spent in a window that began at `since`. Rows come in the order of their ids, so that no two spenders wait for
 * one another. A process whose clock is behind counts into the later window.
 */
export const SPEND = (holders: string, what: string, since: string, amount: string, when = 'true'): string => `
  insert into usage as u (holder_id, what, since, n)
    select h.id, ${what}, ${since}::timestamptz, ${amount}::bigint from unnest(${holders}::uuid[]) h (id) where ${when} order by h.id
  on conflict (holder_id, what) do update set since = greatest(u.since, excluded.since),
    n = case when u.since >= excluded.since then u.n + excluded.n else excluded.n end
  returning holder_id as "holderId", n::text as n`;

const ADD = SPEND('$1', '$2', '$3', '$4');

export interface Spending {
  readonly holders: readonly string[];
  readonly what: string;
  readonly since: Date;
  readonly amount?: number;
}

export const spend = (tx: Transaction, { holders, what, since, amount = 1 }: Spending): Promise<Spent[]> =>
  tx.query(ADD, [holders, what, since, amount]);

/** What holders ($1) have spent of a limit ($2) since the beginning of the window ($3). */
export const daySpent = `
  select holder_id as "holderId", n::text as n from usage where holder_id = any($1::uuid[]) and what = $2 and since >= $3`;
