import type { MessageCode } from '../messages/messages.js';
import { addDays, monthsLater } from '../working-days.js';

/** From which stage the students of a major come: entry conditions 招生对象. */
export const ENTRIES = ['juniorMiddle', 'seniorMiddle', 'other'] as const;
export type Entry = (typeof ENTRIES)[number];

/** A major that a school offers to a year of intake, as it was filed 专业备案. */
export interface Offer {
  readonly intake: string;
  readonly majorCode: string;
  readonly studyMode: string;
  readonly lengthYears: number;
  readonly entry: Entry;
}

/** The years of intake to which a catalogue has a major 专业目录 open. */
export interface OpenIntakes {
  readonly firstIntake: string;
  /** Null while it is open. */
  readonly lastIntake: string | null;
}

/** Whether new students of an intake may take a major; one that no catalogue has is open to none. */
export const isOpenTo = (major: OpenIntakes | undefined, intake: string): boolean =>
  major !== undefined && major.firstIntake <= intake && (major.lastIntake === null || intake <= major.lastIntake);

/** What a student studies, or is to study. */
export interface Study {
  readonly grade: string;
  readonly majorCode: string | null;
  readonly studyMode: string;
  readonly lengthYears?: number;
}

/** A school as one studies there; its offers are undefined where they are not known, as of a school outside this system. */
export interface StudyPlace {
  readonly track: 'vocational' | 'ordinary';
  readonly offers?: readonly Offer[];
  /** Of who takes up the major: the intakes to which the catalogue has it open. Who studies it already is not asked. */
  readonly catalogue?: OpenIntakes | 'none';
}

export interface StudyFault {
  readonly code: MessageCode;
  readonly field: 'majorCode' | 'studyMode' | 'lengthYears' | 'grade' | 'enrolledOn' | 'expectedLeavingOn' | 'birthDate';
}

const fault = (code: MessageCode, field: StudyFault['field']): StudyFault => ({ code, field });

/**
 * Why nobody studies so at a school. Every door asks this one function.
 * 1. A vocational enrolment has a major that the school offers to that intake, in that mode and length.
 * 2. A major that is taken up is open to that intake by the catalogue in force.
 * 3. An ordinary enrolment has no major and is full-time.
 */
export function placeFault(
  { grade, majorCode, studyMode, lengthYears }: Study,
  { track, offers, catalogue }: StudyPlace,
): StudyFault | undefined {
  if (track === 'ordinary') {
    if (majorCode !== null) return fault('major-not-taken', 'majorCode');
    return studyMode === 'fullTime' ? undefined : fault('study-mode-not-taken', 'studyMode');
  }
  if (majorCode === null) return fault('major-required', 'majorCode');
  if (catalogue && !isOpenTo(catalogue === 'none' ? undefined : catalogue, grade)) return fault('major-not-in-catalogue', 'majorCode');
  if (!offers) return undefined;
  const ofMajor = offers.filter((offer) => offer.intake === grade && offer.majorCode === majorCode);
  if (ofMajor.length === 0) return fault('major-not-offered', 'majorCode');
  const ofMode = ofMajor.filter((offer) => offer.studyMode === studyMode);
  if (ofMode.length === 0) return fault('study-mode-not-licensed', 'studyMode');
  const fits = lengthYears === undefined || ofMode.some((offer) => offer.lengthYears === lengthYears);
  return fits ? undefined : fault('length-not-offered', 'lengthYears');
}

/** The days of a study, and what they must agree with. */
export interface StudyDays {
  readonly grade: string;
  readonly enrolledOn: string;
  readonly lengthYears: number;
  readonly expectedLeavingOn: string;
  readonly birthDate?: string;
}

/** Who is entered before the first day of a term is entered at most so many days before it. */
const DAYS_AHEAD = 31;
/** So many months an intake may leave before or after its years are over: in June and not in September, or in the next term. */
const MONTHS_AROUND = 9;
/** So many years of intake may somebody fall behind: years repeated, suspensions, service in the army. */
const YEARS_BEHIND = 8;

/**
 * Why grade, entry, length and leaving day contradict one another. Who joins a running class is in an earlier intake than the entry, but in
 * none that has left. `entering` is the first registration, where nobody can have fallen behind.
 */
export function daysFaults(study: StudyDays, today: string, entering: boolean): StudyFault[] {
  const { grade, enrolledOn, lengthYears, expectedLeavingOn, birthDate } = study;
  const ahead = Number(grade) - Number(enrolledOn.slice(0, 4));
  const ends = monthsLater(enrolledOn, 12 * ahead + Math.round(12 * lengthYears));
  const wrong = [
    birthDate !== undefined && birthDate >= enrolledOn && fault('birth-after-enrolment', 'birthDate'),
    enrolledOn > addDays(today, DAYS_AHEAD) && fault('entry-in-future', 'enrolledOn'),
    (ahead > (entering ? 0 : YEARS_BEHIND) || ahead <= -Math.ceil(lengthYears)) && fault('grade-contradicts-entry', 'grade'),
    (expectedLeavingOn <= enrolledOn ||
      expectedLeavingOn < monthsLater(ends, -MONTHS_AROUND) ||
      expectedLeavingOn > monthsLater(ends, MONTHS_AROUND)) &&
      fault('leaving-contradicts-length', 'expectedLeavingOn'),
  ];
  return wrong.filter((one) => one !== false);
}

/** The offer by which somebody studies at a school; none where it was never filed. */
export const offerOf = ({ grade, majorCode, studyMode, lengthYears }: Study, { offers = [] }: StudyPlace): Offer | undefined =>
  offers.find(
    (offer) =>
      offer.intake === grade &&
      offer.majorCode === majorCode &&
      offer.studyMode === studyMode &&
      (lengthYears === undefined || offer.lengthYears === lengthYears),
  );
