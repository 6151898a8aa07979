import { normaliseName } from '../domain/dossier/id-document.js';
import { Chance } from './chance.js';
import { demoId } from './demo-id.js';
import { nameOf } from './names.js';
import { REFERENCE_YEAR, type DemoEnrolment } from './students.js';

/** The classes of the demonstration's students, each with a head teacher and a size. Those of the intake that has left are closed. */
export function demoClasses(enrolments: readonly DemoEnrolment[]) {
  const named = new Map(enrolments.map((one) => [`${one.schoolId} ${one.className}`, one]));
  const chance = new Chance(20260901);
  return [...named].map(([key, { schoolId, className, grade, majorCode, expectedLeavingOn }]) => ({
    id: demoId('class', key),
    schoolId,
    name: className,
    formerNames: [],
    grade,
    majorCode,
    headTeacher: normaliseName(nameOf(chance, chance.below(2) === 0 ? 'male' : 'female')),
    size: 50,
    openedOn: `${grade}-09-01`,
    closedOn: Number(grade) <= REFERENCE_YEAR - 3 ? expectedLeavingOn : null,
  }));
}
