import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process that a later run can recognise: the moment of birth tells it from another one that was given the same pid. */
export interface Born {
  pid: number;
  born: string;
}

function ps(column: string, pid: number): string | undefined {
  try {
    return execFileSync('ps', ['-o', `${column}=`, '-p', String(pid)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}

/** When the process was born, in the system's own words; undefined when there is none, or only a zombie that nobody has reaped. */
export function bornAt(pid: number): string | undefined {
  if (!existsSync('/proc/self/stat')) return ps('stat', pid)?.startsWith('Z') ? undefined : ps('lstart', pid) || undefined;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

/** The command line of a process, or undefined when it is gone. */
export function commandOf(pid: number): string | undefined {
  if (!existsSync('/proc/self/cmdline')) return ps('command', pid);
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return undefined;
  }
}

export function known(pid: number): Born {
  return { pid, born: bornAt(pid) ?? 'gone' };
}

export function alive(process: Born): boolean {
  return bornAt(process.pid) === process.born;
}

/** Sends a signal, unless the process is gone or its pid belongs to another one now. */
export function signal(target: Born, name: NodeJS.Signals): void {
  if (!alive(target)) return;
  try {
    process.kill(target.pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Whether the process ended within so many milliseconds. */
export async function ended(target: Born, withinMs: number): Promise<boolean> {
  const until = Date.now() + withinMs;
  while (alive(target)) {
    if (Date.now() >= until) return false;
    await sleep(20);
  }
  return true;
}

/** Asks a process to end, then insists: each signal gets its time in milliseconds, SIGKILL the last word. */
export async function stopProcess(target: Born, steps: readonly (readonly [NodeJS.Signals, number])[]): Promise<void> {
  for (const [name, withinMs] of [...steps, ['SIGKILL', 5_000] as const]) {
    signal(target, name);
    if (await ended(target, withinMs)) return;
  }
  throw new Error(`process ${target.pid} does not end, even by SIGKILL`);
}

/** Reads a record that `writeRecord` wrote; undefined when it is missing or unreadable. */
export function readRecord<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch {
    return undefined;
  }
}

/** Writes a small record whole or not at all; only its owner may read it. */
export function writeRecord(file: string, record: unknown): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, JSON.stringify(record), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
