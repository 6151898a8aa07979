import path from 'node:path';
import { configOrExit } from '../src/platform/config.js';
import { portIsFree } from './ports.js';
import { alive, readRecord, type Born } from './processes.js';
import { configurationFaults, settingsFrom } from './settings.js';
import { AlreadyRuns, holderOf } from './start-lock.js';

const inUse = (port: number): Error => new Error(`Port ${port} is in use. Set PORT to another one, e.g. PORT=${port + 100} npm start`);

/**
 * What would stop `npm start`, before anything is built or started for it. A killed start may have left an API that holds the port: the
 * start ends that one itself, so its port counts as free.
 * @throws with the reason in words
 */
export async function mayStart(env: NodeJS.ProcessEnv): Promise<void> {
  const { dataDir, port } = settingsFrom(env, configurationFaults);
  const holder = holderOf(dataDir);
  if (holder) throw new AlreadyRuns(dataDir, holder);
  const orphan = readRecord<Born>(path.join(dataDir, 'api.json'));
  if (!(orphan && alive(orphan))) await portMustBeFree(port);
}

/** @throws when somebody listens there */
export async function portMustBeFree(port: number): Promise<void> {
  if (!(await portIsFree(port))) throw inUse(port);
}

/** What would stop the API or the worker: ends this process with the wrong values named, as they would. */
export async function mayRun(program: string): Promise<void> {
  const { port } = configOrExit();
  if (program === 'api') await portMustBeFree(port);
}
