/**
 * Runs one program of the product from a bare clone: installs and builds what is missing, unless there is nothing to build from (the
 * image). Those that look after a system take the one that DATABASE_URL names, else the one that `npm start` runs on this machine.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { prepare, prepareOnce, prepareWeb, root } from './bootstrap.mjs';

const PROGRAMS = {
  api: { file: 'main.js', checked: true },
  worker: { file: 'worker.js', checked: true },
  migrate: { file: 'programs/migrate.js' },
  establish: { file: 'programs/establish/run.js', here: true },
  'audit:verify': { file: 'programs/verify.js', here: true, asBuilt: true },
  'cases:restart': { file: 'programs/restart-cases.js', here: true },
};

const [name, ...args] = process.argv.slice(2);
const program = PROGRAMS[name];
if (!program) {
  console.error(`unknown program: ${name}`);
  process.exit(64);
}
const local = path.resolve(root, process.env.DATA_DIR || '.data', 'environment.json');
if (program.here && !process.env.DATABASE_URL && existsSync(local)) {
  for (const [key, value] of Object.entries(JSON.parse(readFileSync(local, 'utf8')))) if (value !== undefined) process.env[key] = value;
}
/** What would stop the program is said before a build. */
async function check() {
  const { early } = await import('./early.mjs');
  const { mayRun } = await early('local/before-start.ts');
  await mayRun(name).catch((error) => {
    console.error(error.message);
    process.exit(1);
  });
}
if (existsSync(path.join(root, 'src'))) {
  if (program.asBuilt) await prepareOnce(path.join('src', program.file));
  else await prepare(program.checked ? check : undefined);
  if (name === 'api') prepareWeb();
}
const file = path.join(root, 'dist', 'src', program.file);
process.argv.splice(1, process.argv.length - 1, file, ...args); // the program sees itself as the one that Node was started with
await import(pathToFileURL(file).href);
