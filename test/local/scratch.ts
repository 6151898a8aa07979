import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync } from 'node:fs';
import { createInterface } from 'node:readline';
import path from 'node:path';
import type { Identity } from '../../local/unprivileged.js';

/** A folder that the engines' watchdog empties, servers included, whatever becomes of the test. */
export function scratch(): string {
  const folder = mkdtempSync(path.join(process.env.TEST_ENGINES_DIR!, 'scratch-'));
  chmodSync(folder, 0o711);
  return folder;
}

/** Runs a module text in a process of its own, as another user if asked; `line` is the first line that it prints. */
export function inProcess(source: string, identity: Identity = {}): { child: ChildProcess; line: Promise<string> } {
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], {
    ...identity,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env.PATH },
  });
  const line = new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout! }).once('line', resolve);
    child.once('exit', (code) => reject(new Error(`ended with ${code} and said nothing`)));
  });
  return { child, line };
}

/** The import address of a built module of local/. */
export const local = (name: string) => JSON.stringify(new URL(`../../local/${name}.js`, import.meta.url).href);
