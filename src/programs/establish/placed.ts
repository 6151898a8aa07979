import { LEVELS, type Level } from '../../domain/offices.js';
import type { Register } from './register.dto.js';

/** An organisation as the directory knows it or is to know it. */
export interface Placed {
  readonly code: string;
  readonly name: string;
  readonly level: Level;
  readonly type: string | null;
  readonly divisionCode: string;
  readonly answersOutside: boolean;
  /** Code of the superior, or of a school its competent authority; null for the nation's authority. */
  readonly superior: string | null;
}

/** The authorities and schools of a register in one shape, as it lists them. */
export const placesOf = ({ authorities, schools }: Register): Placed[] => [
  ...authorities.map(({ code, name, level, division, superior = null }) => {
    return { code, name, level, type: null, divisionCode: division, answersOutside: false, superior };
  }),
  ...schools.map(({ code, name, type, division, competentAuthority, answersOutside = false }) => {
    return { code, name, level: 'school' as const, type, divisionCode: division, answersOutside, superior: competentAuthority };
  }),
];

const SAME = ['name', 'level', 'type', 'divisionCode', 'answersOutside', 'superior'] as const;

/** What is wrong with a register beside what is known already, in words, one line each. */
export function faultsOf(wanted: readonly Placed[], known: ReadonlyMap<string, Placed>): string[] {
  const all = new Map([...known, ...wanted.map((one) => [one.code, one] as const)]);
  const twice = wanted.filter(({ code }, nth) => wanted.findIndex((other) => other.code === code) !== nth);
  const roots = [...all.values()].filter(({ superior }) => superior === null);
  return [
    ...twice.map(({ code }) => `${code} is listed twice`),
    ...(roots.length === 1 && roots[0]?.level === 'national' ? [] : ['exactly one authority, the national one, has no superior']),
    ...wanted.flatMap((one) => {
      const before = known.get(one.code);
      const changed = before ? SAME.filter((field) => before[field] !== one[field]) : [];
      return changed.map((field) => `${one.code} is known with another ${field}: an organisation is not changed by this file`);
    }),
    ...wanted.flatMap((one) => misplaced(one, all)),
  ];
}

function misplaced({ code, level, superior }: Placed, all: ReadonlyMap<string, Placed>): string[] {
  if (superior === null) return [];
  const above = all.get(superior);
  if (!above) return [`${code}: its superior ${superior} is not listed`];
  if (LEVELS.indexOf(above.level) >= LEVELS.indexOf(level)) return [`${code}: ${superior} is not of a higher level`];
  if (level === 'school' && above.level === 'national') return [`${code}: a school belongs to a province`];
  return [];
}

/** Superiors before those below them. */
export const superiorsFirst = (places: readonly Placed[]): Placed[] =>
  [...places].sort((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level));
