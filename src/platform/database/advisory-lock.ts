import type { PoolClient } from 'pg';
import type { DataSource } from 'typeorm';
import { answered, destroyConnection, SOON } from './answered.js';

const LOCK = 'select pg_try_advisory_lock($1) as mine';
const UNLOCK = `select pg_advisory_unlock($1), set_config('idle_session_timeout', '0', false)`;

/**
 * Does the work if this process gets the session's advisory lock, else nothing: of many processes one runs at a time. A process that
 * hangs (stopped, or cut off from the network) loses the lock after `longest` milliseconds, so the work must bear a second one beside it.
 */
export async function underAdvisoryLock<T>(db: DataSource, key: number, work: () => Promise<T>, longest = 60_000): Promise<T | undefined> {
  const runner = db.createQueryRunner();
  try {
    const client = (await runner.connect()) as PoolClient;
    const { rows } = await answered(client, client.query<{ mine: boolean }>(LOCK, [key]), SOON);
    if (!rows[0]?.mine) return undefined;
    try {
      await answered(client, client.query(`select set_config('idle_session_timeout', $1, false)`, [String(longest)]), SOON);
      return await work();
    } finally {
      // A connection that cannot be unlocked is ended: back in the pool it would hold the lock for ever.
      await answered(client, client.query(UNLOCK, [key]), SOON).catch(() => destroyConnection(client));
    }
  } finally {
    await runner.release();
  }
}
