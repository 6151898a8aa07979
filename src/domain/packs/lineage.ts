import type { PackContent } from './policy-pack.js';

/** A policy with what it says itself. */
export interface Said {
  readonly content: PackContent;
}

/** A setting that a pack says itself, by its JSON pointer; a list is one setting. */
export interface Setting {
  readonly pointer: string;
  readonly value: unknown;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Every setting of a pack's content. */
export function settingsIn(content: unknown, pointer = ''): Setting[] {
  if (!isRecord(content)) return content === undefined ? [] : [{ pointer, value: content }];
  return Object.entries(content).flatMap(([key, value]) => settingsIn(value, `${pointer}/${key}`));
}

/** Whether a content says what stands at a pointer, or at a list or single value above it. */
function says(content: unknown, pointer: string): boolean {
  let value = content;
  for (const key of pointer.split('/').slice(1)) {
    if (!isRecord(value)) return value !== undefined;
    if (!Object.hasOwn(value, key)) return false;
    value = value[key];
  }
  return value !== undefined;
}

/**
 * Who settled what stands at a pointer: the first of a line that says it. A line begins with the newest version and ends with the national
 * default, which settles whatever nobody says.
 */
export const settledBy = <T extends Said>(line: readonly [T, ...T[]], pointer: string): T =>
  line.find(({ content }) => says(content, pointer)) ?? line.at(-1) ?? line[0];

/** What a version inherits from the packs before it, without what it says itself and without what the nation settles. */
export function inheritedSettings<T extends Said>([own, ...above]: readonly [T, ...T[]]): (Setting & { readonly from: T })[] {
  const known = new Set(settingsIn(own.content).map(({ pointer }) => pointer));
  return above.slice(0, -1).flatMap((from) =>
    settingsIn(from.content)
      .filter(({ pointer }) => !known.has(pointer) && known.add(pointer))
      .map((setting) => ({ ...setting, from })),
  );
}
