/** What every command needs before it can run from a bare clone: the dependencies of package-lock.json and a build. Node built-ins only. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { isBuilt } from './stamp.mjs';
import { isWebBuilt } from './web.mjs';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** Runs a command in the project, showing what it prints; ends this process with its exit code when it fails. */
export function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

function installed() {
  const lock = createHash('sha256')
    .update(readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex');
  const mark = path.join(root, 'node_modules', '.installed-from');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === lock) return;
  console.log('Installing dependencies (npm ci) …');
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  writeFileSync(mark, lock);
}

/** Does the work while no other command of this folder installs or builds. A lock whose owner is gone does not count. */
function alone(work) {
  const lock = path.join(root, '.cache', 'prepare.lock');
  mkdirSync(path.dirname(lock), { recursive: true });
  for (let said = false; ;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      if (!alive(Number(existsSync(lock) ? readFileSync(lock, 'utf8') : 0))) rmSync(lock, { force: true });
      else {
        if (!said) console.log('Waiting for another command that installs or builds here …');
        said = true;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
      }
    }
  }
  const release = () => rmSync(lock, { force: true });
  process.once('exit', release); // run() exits when a command fails
  work();
  release();
  process.off('exit', release);
}

function alive(pid) {
  if (!pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/**
 * Installs when the lock file changed since the last installation, then builds what changed.
 * @param check what would stop the command, said before a build of half a minute; only when there is something to build
 */
export async function prepare(check) {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    console.error(`xueji needs Node 20.19 or newer; this is ${process.version}.`);
    process.exit(1);
  }
  alone(installed);
  if (isBuilt()) return;
  await check?.();
  alone(() => run(process.execPath, [path.join(root, 'scripts', 'build.mjs')]));
}

/** The workbench is built for what serves it to people; the tests of the API do without. */
export function prepareWeb() {
  if (isWebBuilt()) return;
  alone(() => run(process.execPath, [path.join(root, 'scripts', 'web.mjs')]));
}

/** For a command that works with what was built once, whatever has changed since; only a bare clone builds. */
export async function prepareOnce(file) {
  if (existsSync(path.join(root, 'dist', file))) return;
  console.log('Nothing is built here yet: building once …');
  await prepare();
}
