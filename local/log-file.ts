import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';

const KEPT_BYTES = 20_000_000;

/** Opens a log to append to, for a process that may outlive this one; one older file is kept. Close the descriptor after spawning. */
export function openLog(file: string): number {
  mkdirSync(path.dirname(file), { recursive: true });
  if (existsSync(file) && statSync(file).size > KEPT_BYTES) renameSync(file, `${file}.1`);
  return openSync(file, 'a');
}

export function withLog<T>(file: string, use: (descriptor: number) => T): T {
  const descriptor = openLog(file);
  try {
    return use(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

export function sizeOf(file: string): number {
  return existsSync(file) ? statSync(file).size : 0;
}

/** The last lines of a log, at most `count`, from byte `from` on: what went wrong, for an error message. */
export function lastLines(file: string, count = 20, from = 0): string {
  if (!existsSync(file)) return '(no log)';
  return readFileSync(file).subarray(from).toString('utf8').trimEnd().split('\n').slice(-count).join('\n');
}
