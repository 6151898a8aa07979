import type { DataSource } from 'typeorm';
import { answered, endConnection, SOON } from './answered.js';

const UNLOCK = `select pg_advisory_unlock($1), set_config('idle_session_timeout', '0', false)`;

/**
 * Does the work if this process gets the session's advisory lock, else nothing: of many processes one runs at a time. A process that
 * hangs (stopped, or cut off from the network) loses the lock after `longest` milliseconds, so the work must bear a second one beside it.
 */
export async function underAdvisoryLock<T>(db: DataSource, key: number, work: () => Promise<T>, longest = 60_000): Promise<T | undefined> {
  const runner = db.createQueryRunner();
  try {
    const [lock] = await answered<{ mine: boolean }[]>(runner, 'select pg_try_advisory_lock($1) as mine', [key], SOON);
    if (!lock?.mine) return undefined;
    try {
      await answered(runner, `select set_config('idle_session_timeout', $1, false)`, [String(longest)], SOON);
      return await work();
    } finally {
      // A connection that cannot be unlocked is ended: back in the pool it would hold the lock for ever.
      await answered(runner, UNLOCK, [key], SOON).catch(() => endConnection(runner));
    }
  } finally {
    await runner.release();
  }
}
