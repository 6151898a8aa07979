import type { PackReason } from '../messages/policy-messages.js';

/** One reason why a pack is refused: where it lies and on which article or rule it stands. */
export interface PackFault {
  readonly code: PackReason;
  /** JSON pointer into the pack's content, such as `/kinds/transfer/workingDays/sourceSchool`. */
  readonly pointer: string;
  readonly article: string;
  /** What exactly, in ids and codes. */
  readonly detail?: string;
}

export type BoundFault = Omit<PackFault, 'pointer' | 'article'> & { readonly at?: string; readonly article?: string };

/** How far a province may go with one key (A17). */
export interface Bound<T, Around> {
  readonly article: string;
  readonly zh: string;
  readonly en: string;
  readonly faults: (value: T, around: Around) => readonly BoundFault[];
}

export const nothing = (): readonly BoundFault[] => [];
export const when = (wrong: boolean, code: PackReason, more: Omit<BoundFault, 'code'> = {}): readonly BoundFault[] =>
  wrong ? [{ code, ...more }] : [];

/** A whole number from `least` to `most`. */
export const between = <Around>(least: number, most: number, article: string, zh: string, en: string): Bound<number, Around> => ({
  article,
  zh: `${zh}：${least}–${most}`,
  en: `${en}: ${least} to ${most}`,
  faults: (value) =>
    when(!Number.isInteger(value) || value < least || value > most, 'out-of-bounds', { detail: `${value}: ${least} to ${most}` }),
});

/** A reminder so many days before an end: one of more days than there are until it would never go out. */
export const reminderWithin = <Around>(most: number, zh: string, en: string, until: (around: Around) => number): Bound<number, Around> => {
  const bound = between<Around>(1, most, 'A17', zh, en);
  return {
    ...bound,
    faults: (days, around) => [...bound.faults(days, around), ...when(days >= until(around), 'reminder-never-sent', { detail: `${days}` })],
  };
};

/** A period of the regulation, in working days: it may be shortened, never lengthened. */
export const atMost = (national: number, article: string, zh: string, en: string): Bound<number, unknown> => ({
  article: `${article}, A17`,
  zh: `${zh}：1–${national}，可以缩短`,
  en: `${en}: 1 to ${national}; shortened, never lengthened`,
  faults: (days) => [
    ...when(days > national, 'longer-than-national', { detail: `${days}: at most ${national}` }),
    ...when(!Number.isInteger(days) || days < 1, 'out-of-bounds', { detail: `${days}: at least 1` }),
  ],
});

/** What of a list of whole numbers does not lie from `least` to `most`. */
export const outside = (list: readonly number[], least: number, most: number): BoundFault[] =>
  list.flatMap((n, i) => when(!Number.isInteger(n) || n < least || n > most, 'out-of-bounds', { at: `/${i}` }));

/** When something may be done: numbers from `least` to `most`, one at least. */
export const windowOf = (least: number, most: number, zh: string, en: string): Bound<readonly number[], unknown> => ({
  article: 'A17',
  zh: `${zh} ${least}–${most}，至少一个`,
  en: `${en} ${least} to ${most}, at least one`,
  faults: (list) => [...when(list.length === 0, 'window-never-opens'), ...outside(list, least, most)],
});
