import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { lastLines, sizeOf, withLog } from './log-file.js';
import { listens, portIsFree } from './ports.js';
import { alive, known, readRecord, signal, stopProcess, writeRecord, type Born } from './processes.js';
import { temporalCli } from './temporal-binaries.js';
import { TEMPORAL_RECORD } from './temporal-record.js';

export { temporalCli, temporalTestServer } from './temporal-binaries.js';

/** What an operator filters cases by in the Temporal UI; both sides of a case, hence lists. */
export const SEARCH_ATTRIBUTES: Readonly<Record<string, string>> = {
  Stage: 'KeywordList',
  HolderOrg: 'KeywordList',
  Province: 'KeywordList',
  DueAt: 'Datetime',
  Overdue: 'Bool',
};

export interface TemporalOptions {
  /** Where the database and the record of the running server live. */
  dir: string;
  port: number;
  /** The Web UI's port; needed unless headless. */
  uiPort?: number;
  headless: boolean;
  searchAttributes?: Readonly<Record<string, string>>;
  logFile: string;
  /** Address of the codec endpoint that the Web UI asks to read encrypted payloads. */
  codecEndpoint?: string;
  dynamicConfig?: Readonly<Record<string, string | number | boolean>>;
  log?: (line: string) => void;
}

export interface RunningTemporal {
  address: string;
  uiUrl?: string;
  pid: number;
  /** True when a server that still ran was taken over. */
  adopted: boolean;
  alive(): boolean;
  stop(): Promise<void>;
  kill(name: NodeJS.Signals): void;
}

interface Running extends Born {
  args: string[];
}

function argumentsFor(options: TemporalOptions): string[] {
  const { dir, port, uiPort, headless, searchAttributes = SEARCH_ATTRIBUTES, codecEndpoint, dynamicConfig = {} } = options;
  const pairs = (flag: string, values: object) => Object.entries(values).flatMap(([name, value]) => [flag, `${name}=${value}`]);
  return [
    'server',
    'start-dev',
    '--ip',
    '127.0.0.1',
    '--port',
    String(port),
    '--namespace',
    'default',
    '--log-level',
    'warn',
    '--db-filename',
    path.resolve(dir, 'temporal.db'),
    '--sqlite-pragma',
    'journal_mode=wal',
    '--ui-disable-news-fetch',
    ...(headless ? ['--headless'] : ['--ui-ip', '127.0.0.1', '--ui-port', String(uiPort)]),
    ...(codecEndpoint ? ['--ui-codec-endpoint', codecEndpoint] : []),
    ...pairs('--search-attribute', searchAttributes),
    ...pairs(
      '--dynamic-config-value',
      Object.fromEntries(Object.entries(dynamicConfig).map(([name, value]) => [name, JSON.stringify(value)])),
    ),
  ];
}

/** Whether the server takes work: its namespace, its search attributes and its visibility store answer. */
async function answers(options: TemporalOptions): Promise<boolean> {
  if (!(await listens(options.port))) return false; // a gRPC client that is refused waits a second before it asks again
  let connection: Connection | undefined;
  try {
    connection = await Connection.connect({ address: addressOf(options), connectTimeout: 2_000 });
    await connection.workflowService.describeNamespace({ namespace: 'default' });
    await connection.workflowService.listWorkflowExecutions({ namespace: 'default', pageSize: 1 });
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace: 'default' });
    const wanted = Object.keys(options.searchAttributes ?? SEARCH_ATTRIBUTES);
    const uiServes = options.headless || (await fetch(uiUrlOf(options)!)).ok;
    return uiServes && wanted.every((name) => name in (customAttributes ?? {}));
  } catch {
    return false;
  } finally {
    await connection?.close();
  }
}

const addressOf = ({ port }: TemporalOptions) => `127.0.0.1:${port}`;
const uiUrlOf = ({ headless, uiPort }: TemporalOptions) => (headless ? undefined : `http://127.0.0.1:${uiPort}`);

async function serves(options: TemporalOptions, server: Born): Promise<boolean> {
  for (const until = Date.now() + 60_000; Date.now() < until && alive(server); await sleep(50)) if (await answers(options)) return true;
  return false;
}

function running(options: TemporalOptions, server: Born, adopted: boolean): RunningTemporal {
  return {
    address: addressOf(options),
    uiUrl: uiUrlOf(options),
    pid: server.pid,
    adopted,
    alive: () => alive(server),
    kill: (name) => signal(server, name),
    stop: () => stopProcess(server, [['SIGTERM', 15_000]]),
  };
}

/** Takes over the server that a killed starter left on this folder, if it was started the same way; otherwise ends it. */
async function adopt(options: TemporalOptions, args: string[]): Promise<RunningTemporal | undefined> {
  const before = readRecord<Running>(path.join(options.dir, TEMPORAL_RECORD));
  if (!before || !alive(before)) return undefined;
  if (before.args.join(' ') === args.join(' ') && (await serves(options, before))) return running(options, before, true);
  await stopProcess(before, [['SIGTERM', 15_000]]);
  return undefined;
}

/** Ends the server that still serves `dir`, if any. */
export async function endTemporal(dir: string): Promise<void> {
  const before = readRecord<Running>(path.join(dir, TEMPORAL_RECORD));
  if (before) await stopProcess(before, [['SIGTERM', 15_000]]);
}

async function requireFree(port: number | undefined, what: string, variable: string): Promise<void> {
  if (port === undefined || (await portIsFree(port))) return;
  throw new Error(`Port ${port} for ${what} is in use. Set ${variable} to another one.`);
}

/**
 * Starts the Temporal CLI's server on 127.0.0.1 over a persistent SQLite file, or adopts the one that still serves `dir`, and waits until
 * it takes work. It outlives this process until `stop()`. Errors carry the server's last log lines.
 */
export async function startTemporal(options: TemporalOptions): Promise<RunningTemporal> {
  mkdirSync(options.dir, { recursive: true });
  const args = argumentsFor(options);
  const orphan = await adopt(options, args);
  if (orphan) return orphan;
  await requireFree(options.port, 'Temporal', 'TEMPORAL_PORT');
  await requireFree(options.headless ? undefined : options.uiPort, 'the Temporal UI', 'TEMPORAL_UI_PORT');
  const cli = await temporalCli(options.log);
  // It chooses ports for its inner services by itself and dies when another process was quicker: then it is started again.
  for (let attempt = 1; ; attempt += 1) {
    const from = sizeOf(options.logFile);
    const server = await launch(cli, args, options);
    if (await serves(options, server)) return running(options, server, false);
    await stopProcess(server, []);
    if (attempt === 3) throw new Error(`The Temporal server did not start. Its log says:\n${lastLines(options.logFile, 20, from)}`);
  }
}

async function launch(cli: string, args: string[], options: TemporalOptions): Promise<ReturnType<typeof known>> {
  const child = withLog(options.logFile, (out) => spawn(cli, args, { detached: true, stdio: ['ignore', out, out] }));
  await new Promise<void>((resolve, reject) => child.once('spawn', resolve).once('error', reject));
  child.unref();
  const server = known(child.pid!);
  writeRecord(path.join(options.dir, TEMPORAL_RECORD), { ...server, args } satisfies Running);
  return server;
}
