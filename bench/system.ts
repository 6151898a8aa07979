import { chmodSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { ENTITIES } from '../src/app/entities.js';
import path from 'node:path';
import pg from 'pg';
import { projectRoot } from '../local/project.js';
import { freePort } from '../local/ports.js';
import { endPostgres, removePostgres, startPostgres } from '../local/postgres.js';
import { secretsIn } from '../local/secrets.js';
import { endTemporal, startTemporal } from '../local/temporal.js';
import { systemClock } from '../src/platform/clock.js';
import { parseConfig } from '../src/platform/config.js';
import { applicationOptions, connected } from '../src/platform/database/data-source.js';
import { FieldCipher } from '../src/platform/database/field-cipher.js';
import { migrate } from '../src/programs/migrate.js';
import { seedDemonstration } from '../src/programs/seed.js';
import { startChild } from './children.js';

/** Real engines in a folder of their own: PostgreSQL that flushes every commit, and the Temporal CLI's server on its SQLite file. */
export interface Engines {
  readonly dir: string;
  readonly logs: string;
  readonly temporalAddress: string;
  /** Process ids by name: what the CPU seconds are counted of. */
  readonly processes: Map<string, number>;
  /** The owner's address of a database. */
  url(database: string): string;
  /** Runs a statement as the owner and returns its rows. */
  sql<T extends object>(database: string, text: string, values?: unknown[]): Promise<T[]>;
  temporalBytes(): number;
  /** Undone last first by `stop`. */
  readonly undo: (() => Promise<void>)[];
  stop(): Promise<void>;
}

async function query<T extends object>(url: string, text: string, values: unknown[] = []): Promise<T[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<T>(text, values)).rows;
  } finally {
    await client.end();
  }
}

async function emptyFolder(): Promise<string> {
  const dir = path.join(projectRoot, '.cache', 'bench');
  mkdirSync(path.join(dir, 'postgres'), { recursive: true });
  await endPostgres(path.join(dir, 'postgres'));
  await endTemporal(path.join(dir, 'temporal'));
  removePostgres(path.join(dir, 'postgres'));
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  chmodSync(dir, 0o711);
  return dir;
}

async function postgres(dir: string, statements: boolean) {
  const first = await startPostgres({ dir });
  if (!statements) return first;
  await query(first.url, `alter system set shared_preload_libraries = 'pg_stat_statements'`);
  await query(first.url, 'alter system set pg_stat_statements.track_planning = on');
  await first.stop();
  return startPostgres({ dir });
}

export async function startEngines(statements: boolean): Promise<Engines> {
  const dir = await emptyFolder();
  const undo: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const back of undo.splice(0).reverse()) await back();
    removePostgres(path.join(dir, 'postgres'));
  };
  const database = await postgres(path.join(dir, 'postgres'), statements);
  undo.push(() => database.stop());
  const logs = path.join(dir, 'logs');
  const options = { dir: path.join(dir, 'temporal'), port: await freePort(), headless: true, logFile: path.join(logs, 'temporal.log') };
  const temporal = await startTemporal(options);
  undo.push(() => temporal.stop());
  const processes = new Map([
    ['load', process.pid],
    ['postgresql', database.pid],
    ['temporal', temporal.pid],
  ]);
  const url = (name: string) => Object.assign(new URL(database.url), { pathname: `/${name}` }).href;
  return {
    dir,
    logs,
    url,
    undo,
    stop,
    temporalAddress: temporal.address,
    processes,
    sql: (name, text, values) => query(url(name), text, values),
    temporalBytes: () => statSync(path.join(options.dir, 'temporal.db')).size,
  };
}

/** The environment of the product's processes on one database. */
export const productEnvironment = (engines: Engines, database: string, port = 0): NodeJS.ProcessEnv => ({
  ...secretsIn(engines.dir),
  DEMO: 'true',
  REQUESTS_PER_MINUTE: '10000000', // one person asks here for many
  HOST: '127.0.0.1',
  PORT: String(port),
  DATA_DIR: path.join(engines.dir, database),
  DATABASE_URL: engines.url(database),
  TEMPORAL_ADDRESS: engines.temporalAddress,
  TEMPORAL_TASK_QUEUE: database,
});

/** A migrated database that holds the demonstration. */
export async function productDatabase(engines: Engines, name: string): Promise<void> {
  await engines.sql('postgres', `create database ${name}`);
  await migrate(engines.url(name));
  const { fieldKey, indexKey } = parseConfig(productEnvironment(engines, name));
  const db = await connected(applicationOptions(engines.url(name), 2, 'bench', ENTITIES));
  await seedDemonstration(db, new FieldCipher(fieldKey, indexKey), systemClock);
  await db.destroy();
}

/** The product's API as a process of its own; its address. */
export async function startApi(engines: Engines, database: string): Promise<string> {
  const port = await freePort();
  const api = await startChild(`${database}-api`, 'src/main.js', productEnvironment(engines, database, port), engines.logs);
  engines.processes.set(api.name, api.process.pid);
  engines.undo.push(api.stop);
  return `http://127.0.0.1:${port}`;
}

export async function startProductWorker(engines: Engines, database: string): Promise<void> {
  const worker = await startChild(`${database}-worker`, 'src/worker.js', productEnvironment(engines, database), engines.logs);
  engines.processes.set(worker.name, worker.process.pid);
  engines.undo.push(worker.stop);
}
