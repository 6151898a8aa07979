import { readFileSync } from 'node:fs';
import { DOCUMENT_TYPES } from '../../src/domain/dossier/id-document.js';

interface CodeSet {
  zh: string;
  en: string;
  standard?: string;
  items: { code: string; zh: string; en: string; standardCode?: string; letters?: string }[];
}
const seed = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../src/code-sets/seed/${name}.json`, import.meta.url), 'utf8')) as unknown;
const sets = seed('code-sets') as Record<string, CodeSet>;
const divisions = seed('divisions') as Record<string, string>;
const codes = (name: string) => sets[name]!.items.map(({ code }) => code);

describe('the code sets', () => {
  it.each(Object.keys(sets))('%s names every code once, in Chinese and in English', (name) => {
    const items = sets[name]!.items;
    expect(new Set(codes(name)).size).toBe(items.length);
    expect(new Set(items.map(({ zh }) => zh)).size).toBe(items.length);
    expect(items.filter(({ zh, en }) => !/\p{Script=Han}/u.test(zh) || !/^[\x20-\x7e½]+$/.test(en))).toEqual([]);
  });

  it('have the 56 ethnic groups of GB/T 3304 with their digits and letters', () => {
    const groups = sets['ethnic-groups']!.items;
    expect(codes('ethnic-groups')).toEqual(Array.from({ length: 56 }, (_, i) => String(i + 1).padStart(2, '0')));
    expect(new Set(groups.map(({ letters }) => letters)).size).toBe(56);
    const known = { '01': '汉族', '05': '维吾尔族', '08': '壮族', '15': '土家族', '30': '土族', '41': '塔吉克族', '56': '基诺族' };
    expect(Object.fromEntries(groups.filter(({ code }) => code in known).map(({ code, zh }) => [code, zh]))).toEqual(known);
  });

  it('have the sexes under the names that the domain uses, with the digits of GB/T 2261.1', () => {
    expect(sets.sexes!.items.map(({ code, standardCode }) => [code, standardCode])).toEqual([
      ['male', '1'],
      ['female', '2'],
    ]);
  });

  it('have exactly the document types of the domain, under the same names', () => {
    expect(Object.fromEntries(sets['document-types']!.items.map(({ code, zh, en }) => [code, { zh, en }]))).toEqual(DOCUMENT_TYPES);
  });

  it('have the school types of Art 2 (R-01) and the ordinary school on the other side of a cross-track transfer (R-18)', () => {
    expect(codes('school-types')).toEqual([
      'specialisedSecondary',
      'adultSpecialisedSecondary',
      'vocationalHigh',
      'skilledWorker',
      'ordinaryMiddle',
    ]);
  });

  it('have lengths of schooling in years and halves', () => {
    expect(codes('lengths-of-schooling').filter((code) => !Number.isInteger(Number(code) * 2) || String(Number(code)) !== code)).toEqual(
      [],
    );
  });
});

describe('the divisions', () => {
  const all = Object.keys(divisions);

  it('have six digits, and their superiors are there too', () => {
    expect(all.filter((code) => !/^[1-8][0-9]{5}$/.test(code))).toEqual([]);
    const superiors = (code: string) => [`${code.slice(0, 2)}0000`, `${code.slice(0, 4)}00`];
    expect(all.filter((code) => !superiors(code).every((superior) => superior in divisions))).toEqual([]);
  });

  it('have 34 provinces, more than 330 cities and more than 2,800 counties', () => {
    expect(all.filter((code) => code.endsWith('0000'))).toHaveLength(34);
    expect(all.filter((code) => code.endsWith('00') && !code.endsWith('0000')).length).toBeGreaterThan(330);
    expect(all.filter((code) => !code.endsWith('00')).length).toBeGreaterThan(2800);
  });

  it.each([
    ['110101', '东城区'],
    ['330106', '西湖区'],
    ['330113', '临平区'],
    ['330114', '钱塘区'],
    ['441900', '东莞市'],
    ['460400', '儋州市'],
    ['659012', '白杨市'],
    ['500000', '重庆市'],
    ['710000', '台湾省'],
    ['810000', '香港特别行政区'],
  ])('have %s %s', (code, name) => {
    expect(divisions[code]).toBe(name);
  });
});
