import { readFileSync } from 'node:fs';

const seed = (name: string): unknown => JSON.parse(readFileSync(new URL(`seed/${name}.json`, import.meta.url), 'utf8'));

export interface CodeSet {
  readonly zh: string;
  readonly en: string;
  readonly standard?: string;
  readonly items: readonly { readonly code: string; readonly zh: string }[];
}

const divisions = (): CodeSet => ({
  zh: '行政区划',
  en: 'administrative divisions',
  standard: 'GB/T 2260',
  items: Object.entries(seed('divisions') as Record<string, string>).map(([code, zh]) => ({ code, zh })),
});

/** The sets that come with a release, because the program's behaviour hangs on their codes, or a standard settles them for good. */
export const RELEASED_SETS: Readonly<Record<string, CodeSet>> = {
  divisions: divisions(),
  ...(seed('code-sets') as Record<string, CodeSet>),
};

/** The codes of a set. @throws when there is no such set */
export function codesOf(name: string): string[] {
  const set = RELEASED_SETS[name];
  if (!set) throw new Error(`no code set ${name}`);
  return set.items.map(({ code }) => code);
}

/** What a code of a released set is called; the code itself where the set lacks it. */
export function codeWord(name: string, code: string, language: 'zh' | 'en' = 'zh'): string {
  const item = RELEASED_SETS[name]?.items.find((one) => one.code === code);
  return (language === 'zh' ? item?.zh : (item as { en?: string } | undefined)?.en) ?? code;
}
