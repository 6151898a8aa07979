/** `npm run cases:restart`: of the system that the environment names, else of the one that `npm start` runs on this machine. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { prepare, root, run } from './bootstrap.mjs';

prepare();
const local = path.resolve(root, process.env.DATA_DIR || '.data', 'environment.json');
const env = process.env.DATABASE_URL || !existsSync(local) ? {} : JSON.parse(readFileSync(local, 'utf8'));
run(process.execPath, [path.join(root, 'dist', 'src', 'temporal', 'restart-cases.js'), ...process.argv.slice(2)], {
  env: { ...process.env, ...env },
});
