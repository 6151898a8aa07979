import type { DataSource } from 'typeorm';

/** Does the work if this process gets the session's advisory lock, else nothing: of many processes one runs at a time. */
export async function underAdvisoryLock<T>(db: DataSource, key: number, work: () => Promise<T>): Promise<T | undefined> {
  const runner = db.createQueryRunner();
  try {
    const [lock] = (await runner.query('select pg_try_advisory_lock($1) as mine', [key])) as { mine: boolean }[];
    if (!lock?.mine) return undefined;
    try {
      return await work();
    } finally {
      await runner.query('select pg_advisory_unlock($1)', [key]);
    }
  } finally {
    await runner.release();
  }
}
