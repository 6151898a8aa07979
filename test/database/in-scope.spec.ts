import type { DataSource } from 'typeorm';
import { applicationOptions, connected } from '../../src/platform/database/data-source.js';
import { inScope, sqlState } from '../../src/platform/database/in-scope.js';
import { freshDatabase, type TestDatabase } from '../engines/databases.js';

describe('a transaction', () => {
  let database: TestDatabase;
  let db: DataSource;
  beforeAll(async () => {
    database = await freshDatabase();
    db = await connected(applicationOptions(database.url, 2, 'test'));
  });
  afterAll(async () => {
    await db?.destroy();
    await database?.drop();
  });

  it('fails for the reason of the statement that failed, also when only one that was sent after it is waited for', async () => {
    const failure = await inScope(db, 'system', async (tx) => {
      void tx.query('select 1 / 0');
      return tx.query('select 1');
    }).catch((error: unknown) => error);
    expect(sqlState(failure)).toBe('22012');
  });

  it('fails when a statement failed that nobody waited for: what is not written is not answered as written', async () => {
    const failure = await inScope(db, 'system', (tx) => {
      void tx.query('select 1 / 0');
      return Promise.resolve('written');
    }).catch((error: unknown) => error);
    expect(sqlState(failure)).toBe('22012');
  });

  it('is tried again after a deadlock that it heard of by a later statement', async () => {
    let attempts = 0;
    const answer = await inScope(db, 'system', (tx) => {
      attempts += 1;
      if (attempts < 3) void tx.query(`do $$ begin raise exception 'as a deadlock' using errcode = 'deadlock_detected'; end $$`);
      return tx.query('select 1 as one');
    });
    expect([attempts, answer]).toEqual([3, [{ one: 1 }]]);
  });

  it('and another that lock the same in opposite order both come to their end', async () => {
    let [attempts, waiting] = [0, 0];
    const bothHaveOne = async (): Promise<void> => {
      waiting += 1;
      while (waiting < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    };
    const lock = 'select pg_advisory_xact_lock($1)';
    const both = (one: number, other: number) =>
      inScope(db, 'system', async (tx) => {
        attempts += 1;
        await tx.query(lock, [one]);
        await bothHaveOne();
        await tx.query(lock, [other]);
        return 'done';
      });
    expect(await Promise.all([both(11, 12), both(12, 11)])).toEqual(['done', 'done']);
    expect(attempts).toBe(3);
  });
});
