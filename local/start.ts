/** `npm start`: the whole system on one machine. */
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { portMustBeFree } from './before-start.js';
import { embeddedPostgres, keepAlive, localTemporal, type Engine } from './engines.js';
import { lastLines, sizeOf, withLog } from './log-file.js';
import { writeRecord } from './processes.js';
import { projectRoot } from './project.js';
import { secretsIn } from './secrets.js';
import { configurationFaults, settingsFrom, type Settings } from './settings.js';
import { takeLock } from './start-lock.js';
import { endOrphan, Supervised } from './supervised.js';
import { welcome, type Account } from './welcome.js';

class Interrupted extends Error {}

const say = (line: string) => console.log(line);
// Whoever read our output may be gone; that must not keep us from stopping in order.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
const built = (...parts: string[]) => path.join(projectRoot, 'dist', 'src', ...parts);

let interrupted = false;
/** What to undo, last first. */
const undo: (() => unknown)[] = [];

/** One step of the start; none begins after Ctrl-C. */
async function step<T>(line: string, work: () => T): Promise<Awaited<T>> {
  if (interrupted) throw new Interrupted();
  if (line) say(line);
  try {
    return await work();
  } catch (error) {
    throw interrupted ? new Interrupted() : error;
  }
}

async function bringUp(settings: Settings): Promise<void> {
  const api = `http://${settings.host === '0.0.0.0' ? '127.0.0.1' : settings.host}:${settings.port}`;
  undo.push(takeLock(settings.dataDir, api));
  await endOrphan({ dir: settings.dataDir, name: 'api' });
  await endOrphan({ dir: settings.dataDir, name: 'worker' });
  await portMustBeFree(settings.port);
  const { engines, env, ownerUrl, temporalUi } = await engineAddresses(settings);
  undo.push(keepAlive(engines, say));
  const owners = ownerUrl ? { ...env, DATABASE_OWNER_URL: ownerUrl } : env;
  await step('数据库升级 Migrating the database …', () => runOnce(settings, 'migrate', built('programs', 'migrate.js'), owners));
  if (env.DEMO === 'true')
    await step('演示数据 Seeding the demonstration …', () => runOnce(settings, 'seed', built('programs', 'seed.js'), env));
  const worker = await step('启动进程 Starting worker and API …', () => supervise(settings, 'worker', built('worker.js'), env));
  const server = await step('', () => supervise(settings, 'api', built('main.js'), env));
  await step('', () => untilReady(`${api}/health/ready`, [worker, server]));
  say(welcome({ api, temporalUi, logs: path.join(settings.dataDir, 'logs') }, await demoAccounts(api)));
}

interface Reached {
  engines: Engine[];
  env: NodeJS.ProcessEnv;
  /** Of the embedded database. API and worker are not told it. */
  ownerUrl?: string;
  temporalUi?: string;
}

async function engineAddresses(settings: Settings): Promise<Reached> {
  const engines: Engine[] = [];
  const keep = (engine: Engine) => {
    engines.push(engine);
    undo.push(() => engine.server.stop());
    if (engine.server.adopted) say(`  ${engine.name} still ran and was taken over.`);
  };
  let { databaseUrl, temporalAddress } = settings;
  let ownerUrl: string | undefined;
  let temporalUi = process.env.TEMPORAL_UI_URL;
  if (!databaseUrl) {
    const embedded = await step('启动 Starting PostgreSQL …', () => embeddedPostgres(settings, say));
    keep(embedded.engine);
    ({ ownerUrl, url: databaseUrl } = embedded);
  }
  if (!temporalAddress) {
    const { server, engine } = await step('启动 Starting Temporal …', () => localTemporal(settings, say));
    keep(engine);
    temporalAddress = server.address;
    temporalUi = server.uiUrl;
  }
  const env = environment(settings, databaseUrl, temporalAddress, temporalUi);
  const { DATABASE_URL, FIELD_KEY, INDEX_KEY, DATA_DIR, TEMPORAL_ADDRESS, PAYLOAD_KEY } = env;
  const record = { DATABASE_URL, FIELD_KEY, INDEX_KEY, DATA_DIR, TEMPORAL_ADDRESS, PAYLOAD_KEY };
  writeRecord(path.join(settings.dataDir, 'environment.json'), record); // for scripts/run.mjs
  return { engines, env, ownerUrl, temporalUi };
}

function environment(settings: Settings, databaseUrl: string, temporalAddress: string, temporalUi?: string): NodeJS.ProcessEnv {
  return {
    DEMO: 'true',
    ...secretsIn(settings.dataDir),
    ...process.env,
    PORT: String(settings.port),
    HOST: settings.host,
    DATA_DIR: settings.dataDir,
    DATABASE_URL: databaseUrl,
    TEMPORAL_ADDRESS: temporalAddress,
    ...(temporalUi ? { TEMPORAL_UI_URL: temporalUi, TEMPORAL_UI_ORIGIN: new URL(temporalUi).origin } : {}),
  };
}

const logOf = ({ dataDir }: Settings, name: string) => path.join(dataDir, 'logs', `${name}.log`);

/** Runs a program to its end; its output goes to its log, and into the error when it fails. */
async function runOnce(settings: Settings, name: string, script: string, env: NodeJS.ProcessEnv): Promise<void> {
  const logFile = logOf(settings, name);
  const from = sizeOf(logFile);
  const child = withLog(logFile, (out) => spawn(process.execPath, ['--enable-source-maps', script], { env, stdio: ['ignore', out, out] }));
  const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('exit', resolve));
  if (code !== 0) throw new Error(`${name} failed. ${logFile} says:\n${lastLines(logFile, 30, from)}`);
}

function supervise(settings: Settings, name: string, script: string, env: NodeJS.ProcessEnv): Supervised {
  const supervised = new Supervised({ name, script, env, dir: settings.dataDir, logFile: logOf(settings, name) }, say);
  undo.push(() => supervised.stop());
  supervised.start();
  return supervised;
}

async function answersOk(url: string): Promise<boolean> {
  return fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
    (response) => response.ok,
    () => false,
  );
}

async function untilReady(url: string, processes: readonly Supervised[]): Promise<void> {
  const [worker] = processes;
  for (const until = Date.now() + 120_000; Date.now() < until; await sleep(100)) {
    if (interrupted) throw new Interrupted();
    for (const process of processes) process.requireSteady();
    if (worker!.ready && (await answersOk(url))) return;
  }
  throw new Error(`Not ready after two minutes: ${url}\n${processes.map((p) => `${p.program.name}:\n${p.lastWords(10)}`).join('\n')}`);
}

async function demoAccounts(api: string): Promise<Account[]> {
  const response = await fetch(`${api}/api/v1/demo`);
  if (!response.ok) return [];
  return ((await response.json()) as { accounts?: Account[] }).accounts ?? [];
}

async function takeDown(): Promise<void> {
  for (const back of undo.splice(0).reverse()) {
    try {
      await back();
    } catch (error) {
      console.error((error as Error).message);
    }
  }
}

/** A killed npm tells nobody: without this its next start would find us running, with no terminal to stop us in. */
function stopWithNpm(stop: () => void): void {
  const npm = process.ppid;
  if (process.env.npm_lifecycle_event) setInterval(() => process.ppid !== npm && stop(), 500).unref();
}

async function main(): Promise<void> {
  let leave: () => void = () => undefined;
  const told = new Promise<void>((resolve) => (leave = resolve));
  const stop = () => {
    if (!interrupted) say('\n停止 Stopping …');
    interrupted = true;
    leave();
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, stop);
  stopWithNpm(stop);
  let code = 0;
  try {
    const settings = settingsFrom(process.env, configurationFaults);
    mkdirSync(settings.dataDir, { recursive: true });
    await bringUp(settings);
    await told;
  } catch (error) {
    if (!(error instanceof Interrupted)) {
      console.error((error as Error).message);
      code = 1;
    }
  }
  await takeDown();
  process.exit(code);
}

await main();
