import { readFileSync } from 'node:fs';
import path from 'node:path';
import {
  catalogueAfter,
  CATALOGUE_NAMES,
  changesBetween,
  changesNothing,
  type CatalogueEntry,
  type CatalogueName,
} from '../../src/code-sets/catalogues.js';
import { MAJOR_CODE } from '../../src/code-sets/is-major-code.js';
import { seedCatalogue } from '../../src/code-sets/seed-catalogues.js';
import { isOpenTo } from '../../src/domain/dossier/study.js';
import { root } from '../architecture/source.js';

const entriesOf = (name: CatalogueName) => seedCatalogue(name).entries;
const page = readFileSync(path.join(root, 'docs/code-sets.md'), 'utf8');

/** The form of the codes of each catalogue, and by how many digits categories and groups are told apart. */
const FORMS: Readonly<Record<CatalogueName, { code: RegExp; category: number; group?: number }>> = {
  'majors-2021': { code: /^(6[1-9]|7[0-9])0[1-9][0-9]{2}$/, category: 2, group: 4 },
  'majors-2010': { code: /^(0[1-9]|1[0-8])[0-9]{2}00$/, category: 2 },
  'majors-skilled-worker': { code: /^[01][0-9]{3}$/, category: 2 },
};

describe.each(CATALOGUE_NAMES)('the catalogue %s as it comes', (name) => {
  const entries = entriesOf(name);
  const form = FORMS[name];

  it('has as many majors as its page says, each code once and in order, of its form', () => {
    const codes = entries.map(({ code }) => code);
    const [, told] = new RegExp(`\`${name}\` *\\|[^|]*\\|[^|]*\\| *(\\d+) of `).exec(page) ?? [];
    expect(codes).toHaveLength(Number(told));
    expect(codes).toEqual([...new Set(codes)].sort());
    expect(codes.filter((code) => !form.code.test(code) || !MAJOR_CODE.test(code))).toEqual([]);
  });

  it('has one category for the same first digits, and one group', () => {
    const byDigits = (digits: number, of: 'category' | 'group') => {
      const found = new Map<string, Set<string>>();
      for (const entry of entries) {
        const key = entry.code.slice(0, digits);
        found.set(key, (found.get(key) ?? new Set()).add(entry[of] ?? ''));
      }
      const names = [...found.values()].map((set) => [...set]);
      expect(names.filter((set) => set.length !== 1 || set[0] === '')).toEqual([]);
      expect(new Set(names.flat()).size).toBe(found.size);
    };
    byDigits(form.category, 'category');
    if (form.group) byDigits(form.group, 'group');
  });

  it('names every major once, in Han without oddities of width or spaces', () => {
    expect(new Set(entries.map(({ zh }) => zh)).size).toBe(entries.length);
    expect(entries.filter(({ zh }) => !/^\p{Script=Han}+(（\p{Script=Han}+）)?$/u.test(zh))).toEqual([]);
    expect(entries.filter(({ en }) => en !== undefined && !/^[\x20-\x7e]+$/.test(en))).toEqual([]);
  });

  it('says which document it follows, and to which intakes it is open', () => {
    const { document, firstIntake } = seedCatalogue(name);
    expect([document.title, document.issuingBody, firstIntake].every((text) => /\S/.test(text))).toBe(true);
    expect(entries.every((entry) => entry.firstIntake === firstIntake && isOpenTo(entry, firstIntake))).toBe(true);
  });
});

describe('the catalogues', () => {
  it('share no code', () => {
    const codes = CATALOGUE_NAMES.flatMap((name) => entriesOf(name).map(({ code }) => code));
    expect(new Set(codes).size).toBe(codes.length);
  });

  const entry = (code: string, zh: string, lastIntake: string | null = null): CatalogueEntry => ({
    code,
    zh,
    firstIntake: '2021',
    lastIntake,
  });
  const before = [entry('710101', '甲'), entry('710102', '乙'), entry('710103', '丙', '2023'), entry('710104', '丁', '2023')];

  it('go on with a new list: what it leaves out is closed to later intakes and never removed, what it names again is open', () => {
    const after = catalogueAfter(
      before,
      [
        { code: '710105', zh: '戊' },
        { code: '710101', zh: '甲' },
        { code: '710103', zh: '丙三' },
      ],
      '2027',
    );
    expect(after).toEqual([
      entry('710101', '甲'),
      entry('710102', '乙', '2026'),
      entry('710103', '丙三'),
      entry('710104', '丁', '2023'),
      { ...entry('710105', '戊'), firstIntake: '2027' },
    ]);
    expect(changesBetween(before, after)).toEqual({
      added: [{ code: '710105', zh: '戊' }],
      renamed: [{ code: '710103', from: '丙', to: '丙三' }],
      closed: [entry('710102', '乙', '2026')],
      reopened: [entry('710103', '丙三')],
      described: [],
    });
    expect(changesNothing(changesBetween(after, after))).toBe(true);
  });

  it('are open to an intake from the first to the last, both included', () => {
    const open = (first: string, last: string | null) =>
      ['2020', '2021', '2023', '2024'].map((intake) => isOpenTo({ firstIntake: first, lastIntake: last }, intake));
    expect(open('2021', '2023')).toEqual([false, true, true, false]);
    expect(open('2021', null)).toEqual([false, true, true, true]);
    expect(isOpenTo(undefined, '2021')).toBe(false);
  });
});
