import type { Transaction } from '../platform/database/in-scope.js';
import { LOCKS } from '../platform/database/locks.js';

const A_DAY = 24 * 3_600_000;
const OWN = 'select id as key, uploaded_at < $3 as old from evidence where id = any($1::uuid[]) and organisation_ids && $2';

/**
 * The files that are evidence of the organisations, to be attached in this transaction. A file older than a day may be about to be removed
 * as never attached. So removal is blocked until the transaction ends, and the files are looked up again. Such files are few, so filings
 * rarely wait.
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

/** Blocks the removal of evidence and files until the transaction ends. */
export const blockRemoval = (tx: Transaction): Promise<unknown> =>
  tx.query('select pg_advisory_xact_lock_shared($1)', [LOCKS.evidenceRemoval]);

/** Whether this transaction may remove evidence: nobody blocks removal now, and whoever wants to block it waits. */
export async function mayRemove(tx: Transaction): Promise<boolean> {
  const [lock] = await tx.query<{ mine: boolean }[]>('select pg_try_advisory_xact_lock($1) as mine', [LOCKS.evidenceRemoval]);
  return lock?.mine === true;
}
