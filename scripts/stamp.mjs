/**
 * Whether dist/ is what the sources say: a digest of every input, and the names and sizes of what was built from them. Node built-ins
 * only: every command asks this first, so it takes a fraction of a second.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
export const dist = path.join(root, 'dist');
export const SOURCES = ['src', 'workflows', 'activities', 'local', 'test', 'bench'].filter((name) => existsSync(path.join(root, name)));
const BESIDE = ['tsconfig.json', 'package.json', 'package-lock.json', 'scripts/build.mjs', 'scripts/stamp.mjs'];
const stampFile = path.join(dist, '.built-from');

/** Files below a folder by their path from the project, in order. */
function filesBelow(folder) {
  const entries = readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

export function inputs() {
  const digest = createHash('sha256');
  for (const file of [...SOURCES.flatMap(filesBelow), ...BESIDE.map((name) => path.join(root, name))])
    digest
      .update(`${path.relative(root, file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  return digest.digest('hex');
}

/** What the compiler wrote; its own notes and what a run of the tests leaves there begin with a dot. */
export function outputFiles() {
  return SOURCES.map((name) => path.join('dist', name))
    .filter((folder) => existsSync(path.join(root, folder)))
    .flatMap(filesBelow);
}

function outputs() {
  const digest = createHash('sha256');
  for (const file of [...outputFiles(), path.join(dist, 'workflow-bundle.js')])
    digest.update(`${path.relative(root, file)} ${existsSync(file) ? statSync(file).size : 'none'}\n`);
  return digest.digest('hex');
}

/** What the last build noted; nothing when there was none. */
export function stamp() {
  try {
    return JSON.parse(readFileSync(stampFile, 'utf8'));
  } catch {
    return {};
  }
}

/** Whether the outputs of the last build are all there, whatever has become of its inputs. */
export const isWhole = () => stamp().outputs === outputs();

export const isBuilt = () => stamp().inputs === inputs() && isWhole();

/** @param of the inputs' digest from before the build, because a file may be saved meanwhile */
export const stampBuilt = (of) => writeFileSync(stampFile, JSON.stringify({ inputs: of, outputs: outputs() }));
