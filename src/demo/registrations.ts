import { checkCharacter } from '../domain/dossier/id-document.js';
import { provisionalNumberFor, type StudentNumber } from '../domain/dossier/student-number.js';
import { demoId } from './demo-id.js';
import { classNameOf, REFERENCE_YEAR, type DemoEnrolment, type DemoStudent } from './students.js';

/** A pending registration of the demonstration, so that an assertion, a counter-assertion and a ruling can be tried at once. */
export interface DemoPendingRegistration {
  readonly student: Omit<DemoStudent, 'enrolment'> & { readonly enrolment: DemoEnrolment };
  readonly registration: { readonly id: string; readonly findings: readonly string[]; readonly reportedOn: string };
  /** The record that it may be a duplicate of, if any. */
  readonly duplicate?: {
    readonly id: string;
    readonly otherStudentId: string;
    readonly otherSchoolId: string;
    readonly types: readonly string[];
  };
}

/** Somebody whom the population service knows and no dossier does: to be registered without a finding. */
export interface Newcomer {
  readonly name: string;
  readonly sex: 'male' | 'female';
  readonly birthDate: string;
  readonly document: { readonly type: 'residentId'; readonly number: string };
}

const NAMES = ['沈晓岚', '陆明哲', '程思远', '温雅宁', '邵文清', '阮书瑶', '施景行', '丁若兰', '宋知远', '柳听雪'];

/** Orders from 996 on are not given to students of the demonstration, so that no newcomer is like one of them. */
function newcomer(name: string, nth: number): Newcomer {
  const birthDate = `2011-0${1 + (nth % 9)}-1${nth % 10}`;
  const female = nth % 2 === 0;
  const body = `${nth % 3 === 0 ? '330110' : '510104'}${birthDate.replaceAll('-', '')}${female ? '996' : '997'}`;
  return { name, sex: female ? 'female' : 'male', birthDate, document: { type: 'residentId', number: body + checkCharacter(body) } };
}

export const newcomers = (): Newcomer[] => NAMES.map(newcomer);

/** Number not in the register: its order is kept for centenarians. */
function unknownNumber(birthDate: string): string {
  const body = `330602${birthDate.replaceAll('-', '')}999`;
  return body + checkCharacter(body);
}

/** Across two provinces, within one county under another name, and against nobody with a document that does not exist. Pure. */
export function pendingRegistrations(students: readonly DemoStudent[]): DemoPendingRegistration[] {
  const lastOf = (school: string, back: number) => {
    const there = students.filter(({ enrolment }) => enrolment.schoolId === demoId('organisation', school) && enrolment.state === 'active');
    const found = there.filter(({ document }) => document.type === 'residentId').at(-1 - back);
    if (!found) throw new Error(`nobody studies at ${school}`);
    return found;
  };
  const [elsewhere, neighbour] = [lastOf('3301-01', 0), lastOf('3301-01', 1)];
  const nobody = { ...elsewhere, name: '季云舒', sex: 'male' as const, birthDate: '2011-04-05' };
  return [
    held(1, elsewhere, '5101-01', '510104', ['sameDocument'], elsewhere.id),
    held(2, { ...neighbour, name: '任子墨' }, '3301-02', '330110', ['sameDocument', 'documentNameDiffers'], neighbour.id),
    held(3, { ...nobody, document: { type: 'residentId', number: unknownNumber(nobody.birthDate) } }, '3306-01', '330602', [
      'documentNotFound',
    ]),
  ];
}

function held(
  nth: number,
  like: DemoStudent,
  school: string,
  divisionCode: string,
  findings: readonly string[],
  otherStudentId?: string,
): DemoPendingRegistration {
  const id = demoId('student', `held-${nth}`);
  const from = `${REFERENCE_YEAR}-09-01`;
  const enrolment: DemoEnrolment = {
    ...like.enrolment,
    id: demoId('enrolment', `held-${nth}`),
    studentId: id,
    schoolId: demoId('organisation', school),
    state: 'heldDuplicate',
    grade: String(REFERENCE_YEAR),
    className: classNameOf(String(REFERENCE_YEAR), like.enrolment.majorCode, 1),
    enrolledOn: from,
    expectedLeavingOn: `${REFERENCE_YEAR + 3}-06-30`,
    validFrom: from,
    validTo: null,
    since: from,
    suspendedUntil: null,
  };
  const number: StudentNumber = provisionalNumberFor({ divisionCode, year: REFERENCE_YEAR, sequence: 900_000 + nth });
  return {
    student: { ...like, id, number, enrolment },
    registration: { id: demoId('registration', String(nth)), findings, reportedOn: `${REFERENCE_YEAR}-11-02` },
    ...(otherStudentId
      ? { duplicate: { id: demoId('duplicate', String(nth)), otherStudentId, otherSchoolId: like.enrolment.schoolId, types: findings } }
      : {}),
  };
}
