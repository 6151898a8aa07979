import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { DataSource } from 'typeorm';
import { ENTITIES } from '../../src/app/entities.js';
import { applicationOptions, connected } from '../../src/platform/database/data-source.js';
import { FieldCipher } from '../../src/platform/database/field-cipher.js';
import { inScope } from '../../src/platform/database/in-scope.js';
import { migrate } from '../../src/programs/migrate.js';
import { seedDemonstration } from '../../src/programs/seed.js';
import { verifyLedger } from '../../src/programs/verify.js';
import { freshDatabase, type TestDatabase } from '../engines/databases.js';

const cipher = new FieldCipher(Buffer.alloc(32, 1), Buffer.alloc(32, 2));

describe('the demonstration begins on any day', () => {
  let database: TestDatabase;
  let db: DataSource;
  const dataDir = mkdtempSync(path.join(tmpdir(), 'xueji-days-'));
  beforeEach(async () => {
    database = await freshDatabase('template0');
    await migrate(database.url);
    db = await connected(applicationOptions(database.url, 4, 'days-spec', ENTITIES));
  });
  afterEach(async () => {
    await db?.destroy();
    await database?.drop();
  });
  afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

  it.each([
    ['on the first day of the autumn term', '2026-09-01T08:00+08:00'],
    ['before the intake has ended', '2026-10-12T23:59+08:00'],
    ['on a Saturday, a minute after midnight', '2026-12-05T00:01+08:00'],
    ['in the holidays of the Spring Festival', '2027-02-08T12:00+08:00'],
    ['after a class has left', '2027-07-15T10:00+08:00'],
    ['on a leap day', '2028-02-29T23:59+08:00'],
  ])('%s', async (_, day) => {
    const clock = { now: () => Date.parse(day) };
    await seedDemonstration(db, cipher, clock, { atWork: { dataDir, publicUrl: 'https://xueji.example' } });
    const [row] = await inScope(db, 'system', (tx) => tx.query<{ n: number }[]>('select count(*)::int as n from change_request', []));
    expect(row?.n).toBeGreaterThan(20);
    expect((await verifyLedger(db, cipher, { anchorFile: '/nowhere', dataDir }, clock.now() + 60_000)).problems).toEqual([]);
  });
});
