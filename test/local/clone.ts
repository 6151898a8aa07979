import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { cpSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../local/project.js';
import { scratch } from './scratch.js';

/** A clone whose dependencies are installed, with these parts of it and whatever the test writes into it. */
export function cloneWith(...parts: string[]): string {
  const clone = scratch();
  for (const part of ['package.json', 'package-lock.json', 'tsconfig.json', 'scripts', ...parts])
    cpSync(path.join(projectRoot, part), path.join(clone, part), { recursive: true });
  symlinkSync(path.join(projectRoot, 'node_modules'), path.join(clone, 'node_modules'));
  return clone;
}

/** A command of the clone, to its end. */
export const run = (clone: string, [script = '', ...args]: string[], env: Record<string, string> = {}): SpawnSyncReturns<string> =>
  spawnSync(process.execPath, [path.join(clone, 'scripts', script), ...args], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, DATA_DIR: path.join(clone, 'data'), ...env },
  });
