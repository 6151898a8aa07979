import type { PoolClient } from 'pg';
import type { DataSource } from 'typeorm';
import { answered, end, SOON } from './answered.js';

/** Does the work if this process gets the session's advisory lock, else nothing: of many processes one runs at a time. */
export async function underAdvisoryLock<T>(db: DataSource, key: number, work: () => Promise<T>): Promise<T | undefined> {
  const runner = db.createQueryRunner();
  try {
    const client = (await runner.connect()) as PoolClient;
    const { rows } = await answered(client, client.query<{ mine: boolean }>('select pg_try_advisory_lock($1) as mine', [key]), SOON);
    if (!rows[0]?.mine) return undefined;
    try {
      return await work();
    } finally {
      // A connection that cannot be unlocked is ended: back in the pool it would hold the lock for ever.
      await answered(client, client.query('select pg_advisory_unlock($1)', [key]), SOON).catch(() => end(client));
    }
  } finally {
    await runner.release();
  }
}
