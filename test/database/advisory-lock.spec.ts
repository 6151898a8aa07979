import type { DataSource } from 'typeorm';
import { underAdvisoryLock } from '../../src/platform/database/advisory-lock.js';
import { applicationOptions, connected } from '../../src/platform/database/data-source.js';
import { inScope } from '../../src/platform/database/in-scope.js';
import { asSuperuser, freshDatabase, type TestDatabase } from '../engines/databases.js';
import { Proxy } from '../faults/proxy.js';
import { until } from '../fixtures/story.js';

const KEY = 4_242;
const LOCK_SESSIONS = `select count(*)::int as n from pg_stat_activity
  where application_name = 'here-locks' and datname = current_database()`;

/** Resolves when the lock is lost. */
const lossOf = (lost: AbortSignal): Promise<string> =>
  new Promise((resolve) => lost.addEventListener('abort', () => resolve('told'), { once: true }));

describe('an advisory lock', () => {
  let database: TestDatabase;
  let here: DataSource;
  let elsewhere: DataSource;
  beforeAll(async () => {
    database = await freshDatabase();
    [here, elsewhere] = [
      await connected(applicationOptions(database.url, 2, 'here')),
      await connected(applicationOptions(database.url, 2, 'elsewhere')),
    ];
  });
  afterAll(async () => {
    await Promise.all([here, elsewhere].map((db) => db?.destroy()));
    await database?.drop();
  });
  /** Ends the session of the locks, as an administrator may; back when the work is told. */
  const ended = async (lost: AbortSignal): Promise<string> => {
    const told = lossOf(lost);
    await asSuperuser(LOCK_SESSIONS.replace('count(*)::int', 'pg_terminate_backend(pid)'), database.url);
    return told;
  };
  const free = async (db: DataSource) => (await underAdvisoryLock(db, KEY, () => Promise.resolve('mine'))) === 'mine';

  it('takes no connection of the pool: a dozen are held at once over two connections, and the work under each is done', async () => {
    let begun = 0;
    let all = (): void => undefined;
    const everybodyHasOne = new Promise<void>((resolve) => (all = resolve));
    const work = async () => {
      begun += 1;
      if (begun === 12) all();
      await everybodyHasOne;
      const [row] = await inScope(here, 'process', (tx) => tx.query<{ one: number }[]>('select 1 as one'));
      return row?.one;
    };
    const done = await Promise.all(Array.from({ length: 12 }, (_, n) => underAdvisoryLock(here, n, work)));
    expect(done).toEqual(Array.from({ length: 12 }, () => 1));
    expect((await asSuperuser(LOCK_SESSIONS, database.url)).rows).toEqual([{ n: 1 }]);
  });

  it('is had once, also within a process', async () => {
    const seen = await underAdvisoryLock(here, KEY, async () => [await free(here), await free(elsewhere)]);
    expect(seen).toEqual([false, false]);
    expect([await free(here), await free(elsewhere)]).toEqual([true, true]);
  });

  it('is lost with its session: the work is told, another process takes it, and so does this one afterwards', async () => {
    const seen = await underAdvisoryLock(here, KEY, async (lost) => {
      return [await ended(lost), await underAdvisoryLock(elsewhere, KEY, () => free(here))];
    });
    expect(seen).toEqual(['told', false]);
    expect(await free(here)).toBe(true);
  });

  it('that was lost is not given up by the former work when its process has it anew', async () => {
    let end = (): void => undefined;
    const held = new Promise<void>((resolve) => (end = resolve));
    let former: Promise<unknown> | undefined;
    await new Promise<void>((told) => {
      former = underAdvisoryLock(here, KEY, async (lost) => {
        await ended(lost);
        told();
        await held;
      });
    });
    const seen = await underAdvisoryLock(here, KEY, async () => {
      end();
      await former;
      return [await free(here), await free(elsewhere)];
    });
    expect(seen).toEqual([false, false]);
  });

  it('is lost when the network swallows everything, and the work is told', async () => {
    const { hostname, port } = new URL(database.url);
    const wire = await Proxy.to(hostname, Number(port));
    const far = await connected(applicationOptions(wire.through(database.url), 2, 'far'));
    const told = await underAdvisoryLock(far, KEY, async (lost) => {
      const heard = lossOf(lost);
      wire.silent = true;
      return heard;
    });
    expect(told).toBe('told');
    await far.destroy();
    await wire.close();
  }, 30_000);

  it('is given up after its longest time, and the work is told', async () => {
    const seen = await underAdvisoryLock(
      here,
      KEY,
      async (lost) => [await lossOf(lost), await until(() => free(elsewhere), Boolean, 'it')],
      50,
    );
    expect(seen).toEqual(['told', true]);
  });
});
