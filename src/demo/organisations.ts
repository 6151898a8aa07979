import type { Level } from '../domain/offices.js';
import { demoId } from './demo-id.js';
import { SCHOOLS, type DemoSchool } from './schools.js';

/** A row of `organisation`. */
export interface DemoOrganisation {
  readonly id: string;
  readonly code: string;
  readonly name: string;
  readonly level: Level;
  readonly type: string | null;
  readonly parentId: string | null;
  /** Superiors, nearest first. */
  readonly ancestors: readonly string[];
  readonly provinceId: string | null;
  readonly divisionCode: string;
  readonly answersOutside: boolean;
}

export const NATION = '000000';

/** The authorities of the demonstration by division code, superiors first. */
const AUTHORITIES: Readonly<Record<string, string>> = {
  [NATION]: '教育部',
  '330000': '浙江省教育厅',
  '330100': '杭州市教育局',
  '330109': '杭州市萧山区教育局',
  '330110': '杭州市余杭区教育局',
  '330600': '绍兴市教育局',
  '330602': '绍兴市越城区教育局',
  '330681': '诸暨市教育局',
  '510000': '四川省教育厅',
  '510100': '成都市教育局',
  '510104': '成都市锦江区教育局',
  '510112': '成都市龙泉驿区教育局',
  '510700': '绵阳市教育局',
  '510703': '绵阳市涪城区教育局',
  '510704': '绵阳市游仙区教育局',
};

function levelOf(division: string): Exclude<Level, 'school'> {
  if (division === NATION) return 'national';
  if (division.endsWith('0000')) return 'province';
  return division.endsWith('00') ? 'city' : 'county';
}

/** The authorities above a division's, nearest first. */
function above(division: string): string[] {
  const all = [`${division.slice(0, 4)}00`, `${division.slice(0, 2)}0000`, NATION];
  return [...new Set(all)].filter((code) => code !== division && division !== NATION);
}

const idOf = (code: string): string => demoId('organisation', code);
const provinceOf = (division: string): string | null => (division === NATION ? null : idOf(`${division.slice(0, 2)}0000`));

const authority = ([division, name]: [string, string]): DemoOrganisation => ({
  id: idOf(division),
  code: division,
  name,
  level: levelOf(division),
  type: null,
  divisionCode: division,
  answersOutside: false,
  parentId: above(division).map(idOf)[0] ?? null,
  ancestors: above(division).map(idOf),
  provinceId: provinceOf(division),
});

const school = ({ code, name, type, standsIn, runBy }: DemoSchool): DemoOrganisation => ({
  id: idOf(code),
  code,
  name,
  level: 'school',
  type,
  divisionCode: standsIn,
  answersOutside: false,
  parentId: idOf(runBy),
  ancestors: [runBy, ...above(runBy)].map(idOf),
  provinceId: provinceOf(runBy),
});

/** The nation's authority, two provinces with four cities and eight counties, and seventeen schools; superiors first. Pure. */
export const demoOrganisations = (): DemoOrganisation[] => [
  ...Object.entries(AUTHORITIES)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(authority),
  ...SCHOOLS.map(school),
];
