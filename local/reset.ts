/** `npm run reset`: removes the data of `npm start`, after ending what a killed start may have left. */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { postgresDir, temporalDir } from './engines.js';
import { endPostgres, removePostgres } from './postgres.js';
import { settingsFrom, type Settings } from './settings.js';
import { AlreadyRuns, holderOf } from './start-lock.js';
import { endOrphan } from './supervised.js';
import { endTemporal } from './temporal.js';

const OURS = ['postgres', 'temporal', 'secrets.json', 'start.lock', 'logs'];

async function reset(settings: Settings): Promise<void> {
  const { dataDir } = settings;
  if (!existsSync(dataDir)) return;
  const holder = holderOf(dataDir);
  if (holder) throw new AlreadyRuns(dataDir, holder);
  const entries = readdirSync(dataDir);
  if (entries.length > 0 && !entries.some((name) => OURS.includes(name)))
    throw new Error(`${dataDir} does not look like a data folder of xueji.`);
  for (const name of ['api', 'worker']) await endOrphan({ dir: dataDir, name });
  await endTemporal(temporalDir(settings));
  await endPostgres(postgresDir(settings));
  removePostgres(postgresDir(settings));
  rmSync(dataDir, { recursive: true, force: true });
}

try {
  const settings = settingsFrom(process.env);
  await reset(settings);
  console.log(`数据已清除 Removed ${settings.dataDir}.`);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
