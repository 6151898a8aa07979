/**
 * Completes package-lock.json after a dependency changed on a machine whose registry holds only some platforms: npm leaves the optional
 * packages of other platforms out when it cannot see them, and `npm ci` then refuses the lock file everywhere. Adds them by name and
 * version.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './bootstrap.mjs';

const SYSTEMS = {
  darwin: 'darwin',
  linux: 'linux',
  win32: 'win32',
  windows: 'win32',
  freebsd: 'freebsd',
  android: 'android',
  openharmony: 'openharmony',
};
const PROCESSORS = ['x64', 'arm64', 'arm', 'ia32', 'ppc64', 's390x', 'riscv64', 'loong64', 'wasm32'];
const file = path.join(root, 'package-lock.json');
const lock = JSON.parse(readFileSync(file, 'utf8'));
const { packages } = lock;

/** Node's own search: beside the package that asks, then upwards. */
function isListed(from, name) {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('node_modules/') - 1))) {
    if (packages[`${at ? `${at}/` : ''}node_modules/${name}`]) return true;
    if (!at) return false;
  }
}

function entry(name, range, parent) {
  const words = name.split(/[/-]/);
  const system = words.map((word) => SYSTEMS[word]).find(Boolean);
  const processor = PROCESSORS.find((known) => words.some((word) => word === known));
  if (!system && !processor) throw new Error(`${name} is missing and its name does not say for which platform it is`);
  const flags = Object.fromEntries(['dev', 'devOptional', 'peer'].filter((flag) => parent[flag]).map((flag) => [flag, true]));
  return {
    version: range.replace(/^[\^~]/, ''),
    cpu: [processor ?? '!none'],
    ...(words.includes('musl') ? { libc: ['musl'] } : words.includes('gnu') ? { libc: ['glibc'] } : {}),
    ...flags,
    optional: true,
    ...(system ? { os: [system] } : {}),
  };
}

const added = [];
for (const [at, parent] of Object.entries(packages))
  for (const [name, range] of Object.entries(parent.optionalDependencies ?? {}))
    if (!isListed(at, name)) {
      packages[`node_modules/${name}`] = entry(name, range, parent);
      added.push(name);
    }
if (process.argv.includes('--check') && added.length > 0) {
  console.error(`package-lock.json lacks ${added.join(', ')}: run node scripts/complete-lock.mjs`);
  process.exit(1);
}
if (added.length > 0) {
  const [project, ...rest] = Object.entries(packages);
  lock.packages = Object.fromEntries([project, ...rest.sort(([a], [b]) => a.localeCompare(b, 'en'))]);
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
}
console.log(added.length === 0 ? 'package-lock.json is complete.' : `Added to package-lock.json: ${added.join(', ')}`);
