import { randomBytes } from 'node:crypto';
import path from 'node:path';
import pg from 'pg';
import { freePort, portIsFree } from './ports.js';
import { startPostgres, type RunningPostgres } from './postgres.js';
import { alive, readRecord, writeRecord, type Born } from './processes.js';
import type { Settings } from './settings.js';
import { TEMPORAL_RECORD } from './temporal-record.js';
import { startTemporal, type RunningTemporal } from './temporal.js';

type Log = (line: string) => void;
const DATABASE = 'xueji';
const APPLICATION = 'xueji_app';

/** A server that this start looks after: what it is, and how to bring it back on the same port. */
export interface Engine {
  name: string;
  server: RunningPostgres | RunningTemporal;
  again(): Promise<RunningPostgres | RunningTemporal>;
}

export const temporalDir = ({ dataDir }: Settings) => path.join(dataDir, 'temporal');
export const postgresDir = ({ dataDir }: Settings) => path.join(dataDir, 'postgres');

/**
 * Makes the product's database, and the login of API and worker as an installation has one (deploy/postgres-logins.sh): it owns nothing and
 * can take no other role. Each start gives it another password.
 */
async function addressesAt(serverUrl: string): Promise<{ ownerUrl: string; url: string }> {
  const password = randomBytes(24).toString('hex');
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
    const { rowCount: known } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [APPLICATION]);
    if (known === 0) await client.query(`CREATE ROLE ${APPLICATION} NOSUPERUSER NOBYPASSRLS`);
    await client.query(`ALTER ROLE ${APPLICATION} LOGIN PASSWORD '${password}'`);
  } finally {
    await client.end();
  }
  const ownerUrl = Object.assign(new URL(serverUrl), { pathname: `/${DATABASE}` }).href;
  return { ownerUrl, url: Object.assign(new URL(ownerUrl), { username: APPLICATION, password }).href };
}

/** PostgreSQL in the data folder with the product's database: the addresses of its owner, who migrates, and of the application. */
export async function embeddedPostgres(settings: Settings, log: Log): Promise<{ ownerUrl: string; url: string; engine: Engine }> {
  const dir = postgresDir(settings);
  const server = await startPostgres({ dir, log });
  const engine = { name: 'PostgreSQL', server, again: () => startPostgres({ dir, port: server.port, log }) };
  try {
    return { ...(await addressesAt(server.url)), engine };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

interface Ports {
  port: number;
  uiPort: number;
}

/** The port asked for, that of last time, or the usual one; another free one when the usual one is taken and nobody asked for it. */
async function choosePort(asked: number | undefined, last: number | undefined, usual: number, ours: boolean): Promise<number> {
  if (asked !== undefined) return asked;
  const wanted = last ?? usual;
  return (ours && last !== undefined) || (await portIsFree(wanted)) ? wanted : freePort();
}

async function temporalPorts(settings: Settings, dir: string): Promise<Ports> {
  const file = path.join(dir, 'ports.json');
  const last = readRecord<Ports>(file);
  const before = readRecord<Born>(path.join(dir, TEMPORAL_RECORD));
  const ours = before !== undefined && alive(before);
  const ports = {
    port: await choosePort(settings.temporalPort, last?.port, 7233, ours),
    uiPort: await choosePort(settings.temporalUiPort, last?.uiPort, 8233, ours),
  };
  writeRecord(file, ports);
  return ports;
}

/** Temporal with its Web UI in the data folder. */
export async function localTemporal(settings: Settings, log: Log): Promise<{ server: RunningTemporal; engine: Engine }> {
  const dir = temporalDir(settings);
  const ports = await temporalPorts(settings, dir);
  // A page of the UI asks the API for what only a key opens.
  const codecEndpoint = process.env.PAYLOAD_KEY ? `http://${settings.host}:${settings.port}/api/v1/codec` : undefined;
  const start = () =>
    startTemporal({ dir, ...ports, headless: false, codecEndpoint, logFile: path.join(settings.dataDir, 'logs', 'temporal.log'), log });
  const server = await start();
  return { server, engine: { name: 'Temporal', server, again: start } };
}

/** Looks after the engines: one that ended by itself is started again. Returns how to stop looking. */
export function keepAlive(engines: readonly Engine[], log: Log): () => Promise<void> {
  let busy: Promise<void> = Promise.resolve();
  let stopped = false;
  const look = async () => {
    for (const engine of engines) {
      if (stopped || engine.server.alive()) continue;
      log(`${engine.name} ended; it starts again.`);
      engine.server = await engine.again().catch((error: Error) => (log(error.message), engine.server));
    }
    if (!stopped) timer = setTimeout(next, 2_000);
  };
  const next = () => void (busy = look());
  let timer = setTimeout(next, 2_000);
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await busy;
  };
}
