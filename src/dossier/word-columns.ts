import type { MajorsInForce } from '../code-sets/catalogues.store.js';
import { RELEASED_SETS } from '../code-sets/code-sets.js';
import type { Column } from '../sheets/column.js';

type Words = Pick<Column, 'choices' | 'codes'>;

const inWords = (items: readonly (readonly [word: string, code: string])[]): Words => ({
  choices: items.map(([word]) => word),
  codes: Object.fromEntries(items),
});

/** The words of a code set as what people choose from in a sheet. */
export const setInWords = (set: string): Words => inWords((RELEASED_SETS[set]?.items ?? []).map(({ zh, code }) => [zh, code]));

/** Majors by code and name, because names are not one each; the code alone is taken too. */
export const majorsInWords = (codes: readonly string[], majors: MajorsInForce): Words =>
  inWords(codes.map((code) => [`${code} ${majors.get(code)?.zh ?? ''}`.trim(), code]));
