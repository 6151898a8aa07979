import { chmodSync, mkdtempSync } from 'node:fs';
import { ENTITIES } from '../../src/app/entities.js';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '../../local/ports.js';
import { startPostgres } from '../../local/postgres.js';
import { startTemporal, temporalCli, temporalTestServer } from '../../local/temporal.js';
import { migrate } from '../../src/programs/migrate.js';
import { asSuperuser, RANGES, TEMPLATE, urlOfDatabase } from './databases.js';
import { systemClock } from '../../src/platform/clock.js';
import { parseConfig } from '../../src/platform/config.js';
import { applicationOptions, connected } from '../../src/platform/database/data-source.js';
import { FieldCipher } from '../../src/platform/database/field-cipher.js';
import { seedDemonstration } from '../../src/programs/seed.js';
import { DEMO_KEYS } from '../fixtures/keys.js';
import { guard, release } from './guard.js';

/**
 * Starts one PostgreSQL and one Temporal server for all tests, in a folder and on ports of their own, and tells the tests where they are.
 */
export default async function start(): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'xueji-test-'));
  chmodSync(folder, 0o711); // as root, PostgreSQL runs as nobody and must reach its data
  guard(folder);
  try {
    await startEngines(folder);
  } catch (error) {
    await release();
    throw error;
  }
}

async function startEngines(folder: string): Promise<void> {
  const cli = await temporalCli();
  const testServer = await temporalTestServer();
  const temporal = {
    dir: path.join(folder, 'temporal'),
    port: await freePort(),
    headless: true,
    logFile: path.join(folder, 'temporal.log'),
  };
  const [postgres, { address }] = await Promise.all([
    startPostgres({ dir: path.join(folder, 'postgres'), durable: false }),
    startTemporal({ ...temporal, dynamicConfig: { 'frontend.WorkflowTimeSkippingEnabled': true } }),
  ]);
  process.env.TEST_ENGINES_DIR = folder;
  process.env.TEST_POSTGRES_URL = postgres.url;
  process.env.TEST_TEMPORAL_ADDRESS = address;
  process.env.TEST_TEMPORAL_CLI_PATH = cli;
  process.env.TEST_TEMPORAL_SERVER_PATH = testServer;
  await asSuperuser(`CREATE SEQUENCE ${RANGES}`);
  // A statement that sorts far more than it reads fails here at once, and not first on the machine of a province.
  await asSuperuser(`ALTER SYSTEM SET temp_file_limit = '256MB'`);
  await asSuperuser('SELECT pg_reload_conf()');
  await makeTemplate();
}

/** The database that freshDatabase() copies: migrated and holding the demonstration. */
async function makeTemplate(): Promise<void> {
  await asSuperuser(`CREATE DATABASE ${TEMPLATE}`);
  await migrate(urlOfDatabase(TEMPLATE));
  const { fieldKey, indexKey } = parseConfig({ ...DEMO_KEYS, DATABASE_URL: urlOfDatabase(TEMPLATE) });
  const db = await connected(applicationOptions(urlOfDatabase(TEMPLATE), 2, 'template', ENTITIES));
  await seedDemonstration(db, new FieldCipher(fieldKey, indexKey), systemClock, { cost: { memoryCost: 8, timeCost: 1 } });
  await db.destroy();
  // A copy lives for seconds and never gets the statistics of its own that autovacuum gives a database.
  await asSuperuser('VACUUM (ANALYZE)', urlOfDatabase(TEMPLATE));
}
