/**
 * `npm test [-- jest arguments]`: prepares, runs jest on two files at a time, and ends with the count. What takes minutes stands in
 * test/long/ and is run by `npm run test:long`, or by its path.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { prepare, root } from './bootstrap.mjs';

await prepare();
const [first, ...others] = process.argv.slice(2);
const named = first === '--long' ? others : process.argv.slice(2);
const paths = named.filter((arg) => !arg.startsWith('-'));
const long = first === '--long' || paths.some((arg) => arg.includes('long'));
const args = first === '--long' && paths.length === 0 ? ['dist/test/long/', ...named] : named;
const results = path.join(root, '.cache', `test-results-${process.pid}.json`);
mkdirSync(path.dirname(results), { recursive: true });
const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
// Two workers, for each waits half the time on timers and engines: one alone takes some 35 minutes on two cores, two take 17. Workers and
// not this process: jest renews a worker that has grown (jest.config.js says from when).
const workers = args.some((arg) => /^(-i|--runInBand|-w|--maxWorkers|--watch)/.test(arg)) ? [] : ['--maxWorkers=2'];
const options = [process.env.NODE_OPTIONS, '--experimental-vm-modules', '--disable-warning=ExperimentalWarning'].filter(Boolean).join(' ');
const skipped = long ? [] : ['--testPathIgnorePatterns=/dist/test/long/'];
const child = spawn(process.execPath, [jest, ...workers, ...skipped, '--json', `--outputFile=${results}`, ...args], {
  cwd: root,
  // jest prints its report on stderr; with --json its stdout only says where the file is.
  stdio: ['inherit', 'ignore', 'inherit'],
  env: { ...process.env, NODE_OPTIONS: options },
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
const code = await new Promise((resolve) => child.once('close', (status, signal) => resolve(signal ? 130 : status)));

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
