import type { PackFault } from '../domain/packs/policy-bound.js';
import type { PackContent } from '../domain/packs/policy-pack.js';

type Fault = Pick<PackFault, 'code' | 'pointer'>;

/** The part of a pack that can be judged, and the findings that depend on the rest. */
interface Judgeable {
  readonly content: PackContent;
  readonly depends: (fault: Fault) => boolean;
}

/** Findings on one key that another key of the same kind explains: with the other unreadable they would mislead. */
const EXPLAINED: Readonly<Record<string, (at: string) => string>> = {
  'unknown-party': (at) => at.replace(/\/workingDays\/.*$/, '/order'),
  'parallel-not-possible': (at) => at.replace(/\/parallelAuthorities$/, '/order'),
};

/**
 * The pack's content without the keys whose shape is wrong. A list with a wrong item is left out whole. An unknown party stays in its
 * order, because the bound of the order names it too. Pure.
 */
export function judgeable(pack: unknown, shape: readonly Fault[]): Judgeable {
  const content = (pack as { content?: unknown } | null)?.content;
  const cut = shape.filter(({ code }) => code !== 'unknown-party').map(({ pointer }) => pointer);
  const kept = isRecord(content) ? without(content, '/content', cut) : {};
  return { content: kept as PackContent, depends: ({ code, pointer }) => cut.some((one) => covers(one, EXPLAINED[code]?.(pointer))) };
}

const covers = (cut: string, pointer: string | undefined): boolean =>
  pointer !== undefined && (cut === pointer || cut.startsWith(`${pointer}/`) || pointer.startsWith(`${cut}/`));

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

function without(record: Record<string, unknown>, at: string, cut: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(record).flatMap(([key, value]) => {
      const pointer = `${at}/${key}`;
      if (cut.includes(pointer)) return [];
      if (isRecord(value)) return [[key, without(value, pointer, cut)]];
      return cut.some((one) => one.startsWith(`${pointer}/`)) ? [] : [[key, value]];
    }),
  );
}
