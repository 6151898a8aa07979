/**
 * `npm test [-- jest arguments]`: prepares, runs jest on three files at a time, and ends with the count. `npm run test:long` runs what
 * takes minutes: test/long/, and in full what `npm test` runs with fewer cases (test/fixtures/profile.ts).
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { prepare, root } from './bootstrap.mjs';
import { grouped, longFiles } from './groups.mjs';

await prepare();
const long = process.argv[2] === '--long';
const named = process.argv.slice(long ? 3 : 2);
// Named files are run as they are; the whole is run in groups (scripts/groups.mjs).
const whole = named.every((arg) => arg.startsWith('-'));
const args = [...named, ...(whole ? (long ? longFiles() : [`--roots=${grouped()}`]) : [])];
const results = path.join(root, '.cache', `test-results-${process.pid}.json`);
mkdirSync(path.dirname(results), { recursive: true });
const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
// Three workers on two cores, for each waits half the time on timers and engines. Workers and not this process: jest renews a worker that
// has grown (jest.config.js says from when).
const workers = args.some((arg) => /^(-i|--runInBand|-w|--maxWorkers|--watch)/.test(arg)) ? [] : ['--maxWorkers=3'];
const options = [process.env.NODE_OPTIONS, '--experimental-vm-modules', '--disable-warning=ExperimentalWarning'].filter(Boolean).join(' ');
const child = spawn(process.execPath, [jest, ...workers, '--json', `--outputFile=${results}`, ...args], {
  cwd: root,
  // jest prints its report on stderr; with --json its stdout only says where the file is.
  stdio: ['inherit', 'ignore', 'inherit'],
  env: { ...process.env, NODE_OPTIONS: options, ...(long ? { TEST_PROFILE: 'long' } : {}), ...shifted(process.env.TEST_CLOCK) },
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
const code = await new Promise((resolve) => child.once('close', (status, signal) => resolve(signal ? 130 : status)));

/** TEST_CLOCK=2028-02-29T23:59+08:00 has the tests, the product and PostgreSQL live from that instant on (CONTRIBUTING.md). */
function shifted(instant) {
  if (!instant) return {};
  const seconds = Math.round((Date.parse(instant) - Date.now()) / 1000);
  const folders = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib', '/usr/local/lib'];
  const library = folders.map((folder) => path.join(folder, 'faketime', 'libfaketimeMT.so.1')).find((file) => existsSync(file));
  if (!library || !(seconds > 0)) throw new Error('TEST_CLOCK is a later instant, and needs libfaketime (apt-get install faketime)');
  return { LD_PRELOAD: library, FAKETIME: `+${seconds}s`, FAKETIME_DONT_FAKE_MONOTONIC: '1', FAKETIME_NO_CACHE: '1' };
}

function counts() {
  try {
    const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(readFileSync(results, 'utf8'));
    return { passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites };
  } catch {
    return { passed: 0, failed: 0 };
  } finally {
    rmSync(results, { force: true });
  }
}

const { passed, failed } = counts();
// A run that ended badly without a failed test (a broken set-up, an interruption) must not read as a success.
console.log(`${passed} passed, ${code !== 0 && failed === 0 ? 1 : failed} failed`);
process.exitCode = code;
