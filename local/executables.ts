import { accessSync, constants } from 'node:fs';
import path from 'node:path';

function executable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The first of these programs on PATH. */
export function onPath(...names: string[]): string | undefined {
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter(Boolean);
  return names.flatMap((name) => folders.map((folder) => path.join(folder, name))).find(executable);
}

/** What an environment variable names, if it is set; it must be a program. */
export function fromEnvironment(variable: string): string | undefined {
  const file = process.env[variable];
  if (!file) return undefined;
  if (!executable(file)) throw new Error(`${variable} names ${file}, which is not a program that can be run.`);
  return path.resolve(file);
}

export function cached(file: string): string | undefined {
  return executable(file) ? file : undefined;
}
