import { applicationOptions, connected, ownerOptions } from '../platform/database/data-source.js';
import { LOCKS } from '../platform/database/locks.js';
import { configOrExit } from '../platform/config.js';
import { seedFoundations } from './foundations.js';
import { isMain } from './is-main.js';

/** Brings a database up to date as its owner; waits for another migration that runs (advisory lock). */
export async function migrate(ownerUrl: string): Promise<string[]> {
  const db = await connected(ownerOptions(ownerUrl));
  try {
    await db.query('select pg_advisory_lock($1)', [LOCKS.migration]);
    return (await db.runMigrations({ transaction: 'each' })).map(({ name }) => name);
  } finally {
    await db.destroy();
  }
}

if (isMain(import.meta.url)) {
  const { databaseOwnerUrl } = configOrExit();
  const applied = await migrate(databaseOwnerUrl);
  const db = await connected(applicationOptions(databaseOwnerUrl, 1, 'xueji-migrate'));
  await seedFoundations(db);
  await db.destroy();
  process.stdout.write(applied.length === 0 ? 'The database is up to date.\n' : `Applied ${applied.join(', ')}.\n`);
}
