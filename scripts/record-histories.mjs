/**
 * `npm run histories`: tells the tales of test/workflows/tales.ts on real engines and keeps the workflows' histories, which the replay
 * test holds every later interpreter against. Recorded once a release: the folder is named by its version.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { prepare, root } from './bootstrap.mjs';

await prepare();
const compiled = (file) => import(pathToFileURL(path.join(root, 'dist', file)).href);
const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
const folder = path.join(root, 'test/workflows/histories', version.split('.').slice(0, 2).join('.'));
const { default: start } = await compiled('test/engines/start.js');
const { default: stop } = await compiled('test/engines/stop.js');
const { tellAll } = await compiled('test/workflows/tales.js');
/** A worker's identity is its process id and host, which are nobody's business. */
const withoutHost = (key, value) => (key === 'identity' ? 'recorded' : value);
await start();
try {
  const { told } = await tellAll();
  mkdirSync(folder, { recursive: true });
  for (const { name, workflowId, history } of told) {
    writeFileSync(path.join(folder, `${name}.json`), JSON.stringify({ workflowId, history }, withoutHost));
    console.log(`recorded ${name}`);
  }
} finally {
  await stop();
}
process.exit(0);
