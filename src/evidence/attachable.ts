import type { Transaction } from '../platform/database/in-scope.js';
import { LOCKS } from '../platform/database/locks.js';

const A_DAY = 24 * 3_600_000;
const OWN = 'select id as key, uploaded_at < $3 as old from evidence where id = any($1::uuid[]) and organisation_ids && $2';

/**
 * Which of the files are evidence of the organisations, to be attached in this transaction. What is older than a day might be about to be
 * removed as never attached: it is held until the transaction ends, and asked for again. Such are few, so filings wait for nothing.
 */
export async function attachable(
  tx: Transaction,
  ids: readonly string[],
  organisations: readonly string[],
  now: number,
): Promise<{ key: string }[]> {
  const own = () => tx.query<{ key: string; old: boolean }[]>(OWN, [ids, organisations, new Date(now - A_DAY)]);
  const found = await own();
  if (!found.some(({ old }) => old)) return found;
  await blockRemoval(tx);
  return own();
}

/** Until the transaction ends nothing is removed: neither evidence nor a file. */
export const blockRemoval = (tx: Transaction): Promise<unknown> =>
  tx.query('select pg_advisory_xact_lock_shared($1)', [LOCKS.evidenceRemoval]);

/** Whether this transaction may remove: nobody holds anything now, and whoever wants to waits. */
export async function mayRemove(tx: Transaction): Promise<boolean> {
  const [lock] = await tx.query<{ mine: boolean }[]>('select pg_try_advisory_xact_lock($1) as mine', [LOCKS.evidenceRemoval]);
  return lock?.mine === true;
}
