import { MigrationExecutor, type DataSource } from 'typeorm';
import { applicationOptions, connected, ownerOptions } from '../platform/database/data-source.js';
import { FIRST_RELEASE } from '../platform/database/migrations/index.js';
import { LOCKS } from '../platform/database/locks.js';
import { configOrExit } from '../platform/config.js';
import { seedFoundations } from './foundations.js';
import { isMain } from './is-main.js';

/** Brings a database up to date as its owner; waits for another migration that runs (advisory lock). */
export async function migrate(ownerUrl: string): Promise<string[]> {
  const db = await connected(ownerOptions(ownerUrl));
  try {
    await db.query('select pg_advisory_lock($1)', [LOCKS.migration]);
    await refuseUnreleased(db);
    return (await db.runMigrations({ transaction: 'each' })).map(({ name }) => name);
  } finally {
    await db.destroy();
  }
}

/** The migrations of the first release replaced those that led to it, so a database from before has nothing that they could begin with. */
async function refuseUnreleased(db: DataSource): Promise<void> {
  const applied = await new MigrationExecutor(db).getExecutedMigrations();
  if (applied.some(({ timestamp }) => timestamp < FIRST_RELEASE))
    throw new Error('This database is from before the first release: begin anew (npm run reset, or an empty database).');
}

if (isMain(import.meta.url)) {
  const { databaseOwnerUrl } = configOrExit();
  const applied = await migrate(databaseOwnerUrl);
  const db = await connected(applicationOptions(databaseOwnerUrl, 1, 'xueji-migrate'));
  await seedFoundations(db);
  await db.destroy();
  process.stdout.write(applied.length === 0 ? 'The database is up to date.\n' : `Applied ${applied.join(', ')}.\n`);
}
