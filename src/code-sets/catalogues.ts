/**
 * The catalogues of majors 专业目录, which an operator keeps by versions. Their ids are those of their rows and of their streams in the
 * ledger, the same in every installation.
 */
export const CATALOGUES = {
  'majors-2021': { id: '0c1d7a52-61f0-5e0a-9a3b-2021a5c0de01', zh: '中等职业学校专业目录（2021年）', en: 'Majors, catalogue of 2021' },
  'majors-2010': { id: '0c1d7a52-61f0-5e0a-9a3b-2010a5c0de02', zh: '中等职业学校专业目录（2010年修订）', en: 'Majors, catalogue of 2010' },
  'majors-skilled-worker': {
    id: '0c1d7a52-61f0-5e0a-9a3b-2018a5c0de03',
    zh: '全国技工院校专业目录',
    en: 'Majors of skilled-worker schools',
  },
} as const satisfies Record<string, { id: string; zh: string; en: string }>;

export type CatalogueName = keyof typeof CATALOGUES;
export const CATALOGUE_NAMES = Object.keys(CATALOGUES) as CatalogueName[];
export const isCatalogue = (name: string): name is CatalogueName => Object.hasOwn(CATALOGUES, name);

/** A major as a list names it. */
export interface ListedMajor {
  readonly code: string;
  readonly zh: string;
  readonly en?: string;
  /** 专业大类 */
  readonly category?: string;
  /** 专业类 */
  readonly group?: string;
  readonly note?: string;
}

/** A major of a catalogue with the years of intake to which it is open; a closed one stays, for those who study it. */
export interface CatalogueEntry extends ListedMajor {
  readonly firstIntake: string;
  /** Null while it is open. */
  readonly lastIntake: string | null;
}

const yearBefore = (intake: string): string => String(Number(intake) - 1);
const listedOf = ({ firstIntake: _first, lastIntake: _last, ...listed }: CatalogueEntry): ListedMajor => listed;

/**
 * The catalogue that a new list makes of the one before, from a year of intake on. A list can close a major, never remove it: what it
 * leaves out takes no later intake, and what it names again is open.
 */
export function catalogueAfter(before: readonly CatalogueEntry[], list: readonly ListedMajor[], firstIntake: string): CatalogueEntry[] {
  const known = new Map(before.map((one) => [one.code, one]));
  const named = new Set(list.map(({ code }) => code));
  const closed = before
    .filter(({ code }) => !named.has(code))
    .map((one) => {
      const last = yearBefore(firstIntake);
      return { ...one, lastIntake: one.lastIntake !== null && one.lastIntake < last ? one.lastIntake : last };
    });
  const open = list.map((one) => {
    const was = known.get(one.code);
    // The ministry's lists have no English names: ours stays as long as the Chinese one does.
    const en = one.en ?? (was?.zh === one.zh ? was.en : undefined);
    return { ...one, ...(en ? { en } : {}), firstIntake: was?.firstIntake ?? firstIntake, lastIntake: null };
  });
  return [...open, ...closed].sort((a, b) => (a.code < b.code ? -1 : 1));
}

/** What a version changes of the one before it. */
export interface CatalogueChanges {
  readonly added: readonly ListedMajor[];
  readonly renamed: readonly { readonly code: string; readonly from: string; readonly to: string }[];
  /** Closed to later intakes. */
  readonly closed: readonly CatalogueEntry[];
  readonly reopened: readonly CatalogueEntry[];
  /** Codes of which only category, group, note or the English name changes. */
  readonly described: readonly string[];
}

const DESCRIBING = ['en', 'category', 'group', 'note'] as const;

export function changesBetween(before: readonly CatalogueEntry[], after: readonly CatalogueEntry[]): CatalogueChanges {
  const known = new Map(before.map((one) => [one.code, one]));
  const pairs = after.flatMap((now) => {
    const was = known.get(now.code);
    return was ? [{ was, now }] : [];
  });
  return {
    added: after.filter(({ code }) => !known.has(code)).map(listedOf),
    renamed: pairs.filter(({ was, now }) => was.zh !== now.zh).map(({ was, now }) => ({ code: now.code, from: was.zh, to: now.zh })),
    closed: pairs.filter(({ was, now }) => was.lastIntake === null && now.lastIntake !== null).map(({ now }) => now),
    reopened: pairs.filter(({ was, now }) => was.lastIntake !== null && now.lastIntake === null).map(({ now }) => now),
    described: pairs
      .filter(({ was, now }) => was.zh === now.zh && DESCRIBING.some((field) => was[field] !== now[field]))
      .map(({ now }) => now.code),
  };
}

export const changesNothing = (changes: { readonly [K in keyof CatalogueChanges]: readonly unknown[] }): boolean =>
  Object.values(changes).every((list) => list.length === 0);
