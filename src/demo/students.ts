import type { EnrolmentState } from '../domain/dossier/dossier.js';
import { normaliseName, type Sex } from '../domain/dossier/id-document.js';
import { formalNumberFor, type StudentNumber } from '../domain/dossier/student-number.js';
import { addDays, type PlainDate } from '../domain/working-days.js';
import { Chance } from './chance.js';
import { majorName } from './majors.js';
import { demoId } from './demo-id.js';
import { documentNumber, type DemoDocumentType } from './documents.js';
import { foreignNameOf, nameOf } from './names.js';
import { SCHOOLS, type DemoSchool } from './schools.js';

/** The school year of the demonstration begins in its September; fixed, so that a seed of any day gives the same students. */
export const REFERENCE_YEAR = 2026;

/** A row of `enrolment`. */
export interface DemoEnrolment {
  readonly id: string;
  readonly studentId: string;
  readonly schoolId: string;
  readonly state: EnrolmentState;
  readonly majorCode: string | null;
  /** Year of intake. */
  readonly grade: string;
  readonly className: string;
  readonly studyMode: string;
  readonly lengthYears: number;
  readonly enrolledOn: PlainDate;
  readonly expectedLeavingOn: PlainDate;
  readonly validFrom: PlainDate;
  readonly validTo: PlainDate | null;
  readonly since: PlainDate;
  readonly suspendedUntil: PlainDate | null;
}

/** A student in the clear, with the one enrolment. */
export interface DemoStudent {
  readonly id: string;
  readonly number: StudentNumber;
  readonly document: { readonly type: DemoDocumentType; readonly number: string };
  readonly name: string;
  readonly sex: Sex;
  readonly birthDate: PlainDate;
  /** Code of GB/T 3304. */
  readonly ethnicGroup: string;
  readonly enrolment: DemoEnrolment;
}

export const studentId = (nth: number): string => demoId('student', String(nth));
export const STUDENTS = SCHOOLS.reduce((sum, { students }) => sum + students, 0);

/** Most study; some are suspended, some have left. */
function stateOf(nth: number): EnrolmentState {
  if (nth % 50 === 7) return 'suspended';
  if (nth % 80 === 11) return 'graduated';
  if (nth % 250 === 17) return 'completed';
  return nth % 140 === 23 ? 'withdrawn' : 'active';
}

/** Han, and one in twenty of four other groups. */
const ethnicGroupOf = (nth: number): string => (nth % 20 === 3 ? ['03', '08', '15', '11'][Math.floor(nth / 20) % 4]! : '01');

const OTHER_DOCUMENTS = ['hkMacaoPermit', 'passport', 'taiwanPermit', 'hkMacaoTaiwanResidence', 'permanentResidence'] as const;

/** About one student in a hundred has another document than the resident identity card. */
const documentTypeOf = (nth: number): DemoDocumentType =>
  nth % 97 === 5 ? OTHER_DOCUMENTS[Math.floor(nth / 97) % OTHER_DOCUMENTS.length]! : 'residentId';

/** Who is suspended has been so since the first day of the autumn term, for a year. */
const SUSPENDED = { since: `${REFERENCE_YEAR}-09-01`, suspendedUntil: `${REFERENCE_YEAR + 1}-08-31` };

export const classNameOf = (grade: string, majorCode: string | null, nth: number): string =>
  `${grade}级${majorCode ? majorName(majorCode) : ''}${nth}班`;

function enrolmentOf(chance: Chance, school: DemoSchool, nth: number, intake: number, state: EnrolmentState): DemoEnrolment {
  const majorCode = school.majors.length === 0 ? null : chance.pick(school.majors);
  const grade = String(intake);
  const leavingOn = `${intake + 3}-06-30`;
  const left = { graduated: leavingOn, completed: leavingOn, withdrawn: `${REFERENCE_YEAR}-04-17` } as Partial<
    Record<EnrolmentState, string>
  >;
  return {
    id: demoId('enrolment', String(nth)),
    studentId: studentId(nth),
    schoolId: demoId('organisation', school.code),
    state,
    majorCode,
    grade,
    className: classNameOf(grade, majorCode, 1 + chance.below(2)),
    studyMode: school.type === 'adultSpecialisedSecondary' ? 'partTime' : 'fullTime',
    lengthYears: 3,
    enrolledOn: `${intake}-09-01`,
    expectedLeavingOn: leavingOn,
    validFrom: `${intake}-09-01`,
    validTo: left[state] ?? null,
    ...(state === 'suspended' ? SUSPENDED : { since: left[state] ?? `${intake}-09-01`, suspendedUntil: null }),
  };
}

/** Who left by graduating came three years ago; who withdrew did so in the spring. */
function intakeOf(chance: Chance, state: EnrolmentState): number {
  if (state === 'graduated' || state === 'completed') return REFERENCE_YEAR - 3;
  return REFERENCE_YEAR - (state === 'withdrawn' ? 1 + chance.below(2) : chance.below(3));
}

/** Fifteen on the first of September of the intake, or up to two years older; at a school for adults up to twenty years older. */
function birthDateOf(chance: Chance, school: DemoSchool, intake: number): PlainDate {
  const older = school.type === 'adultSpecialisedSecondary' ? 3 + chance.below(18) : Math.max(0, chance.below(12) - 9);
  return addDays(`${intake - 16 - older}-09-01`, chance.below(365));
}

/** Who was born so late came of age after the reference year at the earliest, and has a guardian on record: father or mother. */
const MINOR_SINCE = `${REFERENCE_YEAR - 18}-01-01`;
export function guardianOf({ name, birthDate, sex }: DemoStudent): { guardianName: string; guardianRelation: string } | undefined {
  if (birthDate < MINOR_SINCE) return undefined;
  const [surname = ''] = name;
  return sex === 'male'
    ? { guardianName: `${surname}建国`, guardianRelation: 'father' }
    : { guardianName: `${surname}秀兰`, guardianRelation: 'mother' };
}

/** Draws again until nobody else has that number. */
function unused(taken: Set<string>, draw: () => string): string {
  for (;;) {
    const number = draw();
    if (taken.has(number)) continue;
    taken.add(number);
    return number;
  }
}

function studentOf(chance: Chance, taken: Set<string>, school: DemoSchool, nth: number): DemoStudent {
  const state = stateOf(nth);
  const type = documentTypeOf(nth);
  const intake = intakeOf(chance, state);
  const sex = chance.below(2) === 0 ? 'male' : 'female';
  const birthDate = birthDateOf(chance, school, intake);
  const province = school.code.startsWith('33') ? '33' : '51';
  const document = {
    type,
    number: unused(taken, () => `${type}:${documentNumber(chance, type, { birthDate, sex, province })}`).slice(type.length + 1),
  };
  const foreign = type === 'passport' || type === 'permanentResidence';
  const name = foreign ? foreignNameOf(chance, sex) : nameOf(chance, sex, province === '51' && type === 'residentId');
  const number = formalNumberFor(document, { divisionCode: school.standsIn, year: intake, sequence: nth + 1 });
  const enrolment = enrolmentOf(chance, school, nth, intake, state);
  return { id: studentId(nth), number, document, name: normaliseName(name), sex, birthDate, ethnicGroup: ethnicGroupOf(nth), enrolment };
}

/** The students of all schools, in the order of the schools. Pure: every call gives the same two thousand. */
export function demoStudents(): DemoStudent[] {
  const chance = new Chance(20141115);
  const taken = new Set<string>();
  const schoolOf = SCHOOLS.flatMap((school) => Array<DemoSchool>(school.students).fill(school));
  return schoolOf.map((school, nth) => studentOf(chance, taken, school, nth));
}
