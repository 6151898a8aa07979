/**
 * Runs one program of the product from a bare clone: installs and builds what is missing, unless there is nothing to build from (the
 * image). Those that look after a system take the one that DATABASE_URL names, else the one that `npm start` runs on this machine.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { prepare, root } from './bootstrap.mjs';

const PROGRAMS = {
  api: { file: 'main.js' },
  worker: { file: 'worker.js' },
  migrate: { file: 'programs/migrate.js' },
  establish: { file: 'programs/establish/run.js', here: true },
  'audit:verify': { file: 'programs/verify.js', here: true },
  'cases:restart': { file: 'programs/restart-cases.js', here: true },
};

const [name, ...args] = process.argv.slice(2);
const program = PROGRAMS[name];
if (!program) {
  console.error(`unknown program: ${name}`);
  process.exit(64);
}
if (existsSync(path.join(root, 'src'))) prepare();
const local = path.resolve(root, process.env.DATA_DIR || '.data', 'environment.json');
if (program.here && !process.env.DATABASE_URL && existsSync(local)) {
  for (const [key, value] of Object.entries(JSON.parse(readFileSync(local, 'utf8')))) if (value !== undefined) process.env[key] = value;
}
const file = path.join(root, 'dist', 'src', program.file);
process.argv.splice(1, process.argv.length - 1, file, ...args); // the program sees itself as the one that Node was started with
await import(pathToFileURL(file).href);
