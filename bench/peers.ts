import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { onPath } from '../local/executables.js';
import { postgresHome } from '../local/postgres.js';
import { projectRoot } from '../local/project.js';
import type { Engines } from './system.js';

/** What a peer's own harness prints, as far as the table shows it. */
export interface PeerRun {
  readonly cases_per_s: number;
  readonly decision_ms: { readonly p50: number; readonly p95: number; readonly p99: number } | null;
}

/** A peer measures itself, on the same PostgreSQL and in its turn. It decides in a function call, without HTTP or sign-in. */
export interface Peer {
  readonly name: string;
  run(clients: number, seconds: number): Promise<PeerRun>;
}

const peersDir = (): string => path.resolve(projectRoot, process.env.XUEJI_PEERS ?? path.join('..', 'shared', 'peers'));

/** A copy of the peers, for they build inside themselves; the Node peer finds this project's modules. */
function copied(): string | undefined {
  const from = peersDir();
  if (!existsSync(path.join(from, 'node', 'peer-pg.mjs'))) return undefined;
  const home = path.join(projectRoot, '.cache', 'bench-peers');
  mkdirSync(home, { recursive: true });
  cpSync(from, home, { recursive: true, filter: (file) => path.basename(file) !== 'node_modules' });
  rmSync(path.join(home, 'node', 'node_modules'), { recursive: true, force: true });
  symlinkSync(path.join(projectRoot, 'node_modules'), path.join(home, 'node', 'node_modules'));
  return home;
}

/** The peers ask PostgreSQL 15 for the number of its WAL's fsyncs, which PostgreSQL 18 keeps elsewhere. */
const AS_BEFORE_18 = `
  create view public.pg_stat_wal as
    select *, (select sum(fsyncs) from pg_catalog.pg_stat_io where object = 'wal') as wal_sync from pg_catalog.pg_stat_wal;
  do $$ begin execute format('alter database %I set search_path = public, pg_catalog', current_database()); end $$`;

async function peer(engines: Engines, home: string, name: string, script: string): Promise<Peer> {
  const database = `peer_${name}`;
  await engines.sql('postgres', `create database ${database}`);
  await engines.sql(database, AS_BEFORE_18);
  const { password, username, port } = new URL(engines.url(database));
  const passwords = path.join(home, 'pgpass');
  writeFileSync(passwords, `127.0.0.1:${port}:*:${username}:${password}\n`, { mode: 0o600 }); // JDBC reads no PGPASSWORD
  const env = {
    ...process.env,
    PGPASSFILE: passwords,
    PGHOST: '127.0.0.1',
    PGPORT: port,
    PGUSER: username,
    PGPASSWORD: password,
    PGDATABASE: database,
    PEERS_HOME: home,
    PGDATA_DIR: path.join(postgresHome(path.join(engines.dir, 'postgres')), 'data'),
    BENCH_LOCK: '',
    GATE_SECONDS: '0',
    SCENARIO: 'throughput',
    RUNS: '1',
    WARMUP: '2',
    STUDENTS: '20000',
    POOL: '20',
    PG_MODE: 'txn',
    OUT_JSONL: path.join(home, 'out.jsonl'),
  };
  const run = async (clients: number, seconds: number): Promise<PeerRun> => {
    const options = { cwd: home, env: { ...env, CONCURRENCY: String(clients), DURATION: String(seconds) }, maxBuffer: 1 << 26 };
    const { stdout } = await promisify(execFile)('bash', ['-c', `set -e; . ./bin/env.sh; ${script}`], options);
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as PeerRun;
  };
  return { name, run };
}

/** The plain PostgreSQL peer when the peers are there; Flowable too when asked for, with Java and Maven at hand. */
export async function peersFor(engines: Engines, all: boolean): Promise<Peer[]> {
  const home = copied();
  if (!home || !onPath('bash') || !onPath('python3')) return [];
  const plain = await peer(engines, home, 'pg', 'cd node; exec node peer-pg.mjs');
  if (!all) return [plain];
  if (!onPath('java') || !onPath('mvn')) throw new Error('--peers needs Java and Maven');
  return [plain, await peer(engines, home, 'flowable', '. ./bin/java-peer.sh; java_peer flowable FlowablePeer')];
}
