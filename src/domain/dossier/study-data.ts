import { monthsLater } from '../working-days.js';

/** How a student came to an enrolment, and where in the school it is: facts that nothing is judged by. */
export const STUDY_FACTS = ['admissionKind', 'origin', 'crossStage', 'teachingSite', 'numberAtSchool'] as const;
export type StudyFact = (typeof STUDY_FACTS)[number];

/** Values by which grade, entry, length and leaving day are judged. */
export const STUDY_DAYS = ['enrolledOn', 'lengthYears', 'grade'] as const;

/** 学籍信息: of an enrolment, what a correction of study data may put right (A11). */
export const STUDY_DATA = ['enrolledOn', 'lengthYears', 'majorDirection', 'grade', ...STUDY_FACTS] as const;
export type StudyField = (typeof STUDY_DATA)[number];

export interface StudyData extends Partial<Readonly<Record<StudyFact, string | null>>> {
  /** 入学年月: the first day of study. */
  readonly enrolledOn: string;
  /** 学制, in years. */
  readonly lengthYears: number;
  /** 专业（技能）方向; null where none was entered. */
  readonly majorDirection: string | null;
  /** 年级: the year of intake. */
  readonly grade: string;
}
export type CorrectedStudy = Partial<{ readonly [F in StudyField]: NonNullable<StudyData[F]> }>;

/** Which of them a correction names. */
export const namedIn = (corrected: CorrectedStudy): StudyField[] => STUDY_DATA.filter((field) => corrected[field] !== undefined);

/** Of the present values those that a correction would replace. */
export const replacedBy = (corrected: CorrectedStudy, present: StudyData): Partial<StudyData> =>
  Object.fromEntries(namedIn(corrected).map((field) => [field, present[field] ?? null]));

/** The study as it is put right: the leaving day follows the year of intake and the length, as under every other change. */
export function correctedStudy<S extends StudyData & { readonly expectedLeavingOn: string }>(present: S, corrected: CorrectedStudy): S {
  const { grade = present.grade, lengthYears = present.lengthYears } = corrected;
  const months = 12 * (Number(grade) - Number(present.grade)) + Math.round(12 * (lengthYears - present.lengthYears));
  const named = Object.fromEntries(namedIn(corrected).map((field) => [field, corrected[field]]));
  return { ...present, ...named, expectedLeavingOn: monthsLater(present.expectedLeavingOn, months) };
}
