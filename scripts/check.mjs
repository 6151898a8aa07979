/** `npm run check`: every gate runs even when an earlier one fails, so that one run tells everything. The tests are `npm test`. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './bootstrap.mjs';

/** Looked up when the gate runs, because the first gate may be what installs it. */
function programOf(name) {
  const folder = path.join(root, 'node_modules', name);
  if (!existsSync(folder)) throw new Error(`${name} is not installed`);
  const { bin } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  return path.join(folder, typeof bin === 'string' ? bin : bin[name]);
}

const prepare = "import { prepare } from './scripts/bootstrap.mjs'; await prepare();";
const gates = [
  ['types', () => ['--input-type=module', '--eval', prepare]],
  ['web types', () => [path.join(root, 'scripts', 'web.mjs'), '--types']],
  ['eslint', () => [programOf('eslint'), '.']],
  ['prettier', () => [programOf('prettier'), '--check', '--log-level', 'warn', '.']],
  ['openapi', () => ['scripts/document.mjs']],
  ['knip', () => [programOf('knip'), '--no-progress']],
  ['jscpd', () => [programOf('jscpd'), '--config', '.jscpd.json', '.']],
];

/** Runs one gate with its output shown; its name, whether it passed, and the seconds it took. */
function ran([name, command]) {
  console.log(`\n── ${name}`);
  const start = performance.now();
  let passed = false;
  try {
    passed = spawnSync(process.execPath, command(), { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] }).status === 0;
  } catch (error) {
    console.error(error.message);
  }
  return { name, passed, seconds: (performance.now() - start) / 1000 };
}

const results = gates.map(ran);
console.log('');
for (const { name, passed, seconds } of results)
  console.log(`${passed ? 'ok    ' : 'FAILED'}  ${name.padEnd(10)}${seconds.toFixed(1).padStart(6)} s`);
const failed = results.filter(({ passed }) => !passed).map(({ name }) => name);
console.log(failed.length === 0 ? 'check: every gate is open' : `check: failed at ${failed.join(', ')}`);
process.exit(failed.length === 0 ? 0 : 1);
