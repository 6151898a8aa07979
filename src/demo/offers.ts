import { trackOf } from '../domain/offices.js';
import { demoId } from './demo-id.js';
import { SCHOOLS } from './schools.js';
import { REFERENCE_YEAR } from './students.js';

/** From the intake that has just left to those to come. */
const INTAKES = Array.from({ length: 9 }, (_, n) => String(REFERENCE_YEAR - 3 + n));

/** Three years, and four beside work. */
const MODES = [
  ['fullTime', 3],
  ['partTime', 3],
  ['partTime', 4],
] as const;

/**
 * What the schools offer. In the demonstration every vocational school offers every major there is, in every mode: so any student may
 * transfer to any other school. Real schools file their own lists.
 */
export function demoOffers() {
  const majors = [...new Set(SCHOOLS.flatMap(({ majors: own }) => own))];
  const schools = SCHOOLS.filter(({ type }) => trackOf(type) === 'vocational');
  return schools.flatMap(({ code }) =>
    majors.flatMap((majorCode) =>
      INTAKES.flatMap((intake) =>
        MODES.map(([studyMode, lengthYears]) => ({
          schoolId: demoId('organisation', code),
          intake,
          majorCode,
          studyMode,
          lengthYears,
          entry: 'juniorMiddle',
        })),
      ),
    ),
  );
}
