import type { EnrolmentState } from '../dossier/dossier.js';
import { NATIONAL_DEFAULTS, type Policy } from '../policy/policy.js';
import { intakePeriod, registrationEndsOn, type Period } from './registration-period.js';
import { addDays, type PlainDate } from '../working-days.js';

/** A term 学期: the first or the second of a school year, which is named by the year in which it begins. */
export interface SchoolTerm {
  readonly year: number;
  readonly nth: 1 | 2;
}

/** How people and addresses name a term: `2026-1`. */
export const codeOf = ({ year, nth }: SchoolTerm): string => `${year}-${nth}`;

/** The term of a code, or undefined when it names none. The regulation is of 2014: no earlier term is registered by it. */
export function schoolTerm(code: string): SchoolTerm | undefined {
  const [, year = '', nth] = /^(20\d\d)-([12])$/.exec(code) ?? [];
  return Number(year) < 2015 ? undefined : { year: Number(year), nth: nth === '1' ? 1 : 2 };
}

export const termAfter = ({ year, nth }: SchoolTerm): SchoolTerm => (nth === 1 ? { year, nth: 2 } : { year: year + 1, nth: 1 });
export const termBefore = ({ year, nth }: SchoolTerm): SchoolTerm => (nth === 2 ? { year, nth: 1 } : { year: year - 1, nth: 2 });

const { termStarts: NATIONAL_STARTS } = NATIONAL_DEFAULTS[0].policy.limits;

/** A term begins in its half of the calendar year: the first from July on, the second before. */
const startOf = (starts: readonly string[], nth: 1 | 2): string | undefined =>
  starts.filter((start) => start >= '07' === (nth === 1)).toSorted()[0];

/** The province's first day of a term (A12), by its `termStarts` ('MM-DD'). */
export function firstDayBy(starts: readonly string[], { year, nth }: SchoolTerm): PlainDate {
  return `${nth === 1 ? year : year + 1}-${startOf(starts, nth) ?? startOf(NATIONAL_STARTS, nth)}`;
}

/** The day whose policy a term has: the nation's first day of it. */
export const policyDayOf = (term: SchoolTerm): PlainDate => firstDayBy(NATIONAL_STARTS, term);

/** The terms that a day may lie in, the latest first: the first of them that has begun is under way. */
export function termsUpTo(day: PlainDate): SchoolTerm[] {
  const latest: SchoolTerm = { year: Number(day.slice(0, 4)), nth: 1 };
  return [latest, termBefore(latest), termBefore(termBefore(latest))];
}

/** What a province's policy says of one term. */
export interface TermRules {
  readonly term: SchoolTerm;
  /** The province's first day. */
  readonly firstDay: PlainDate;
  /** The province's first day of the next term, until which this one lasts. */
  readonly nextFirstDay: PlainDate;
  readonly workingDays: number;
  readonly reminderWorkingDays: number;
  /** Working days within which the school itself takes a registration back; then its authority does. */
  readonly retractionWorkingDays: number;
  /** How many days before or after the province's day a school may begin. */
  readonly shiftDays: number;
}

type OfTerms = Pick<Policy, 'limits' | 'termRegistrationWorkingDays' | 'termReminderWorkingDays' | 'termRetractionWorkingDays'>;

/** By the policy of a term and that of the next. */
export const termRules = (term: SchoolTerm, own: OfTerms, next: Pick<Policy, 'limits'>): TermRules => ({
  term,
  firstDay: firstDayBy(own.limits.termStarts, term),
  nextFirstDay: firstDayBy(next.limits.termStarts, termAfter(term)),
  workingDays: own.termRegistrationWorkingDays,
  reminderWorkingDays: own.termReminderWorkingDays,
  retractionWorkingDays: own.termRetractionWorkingDays,
  shiftDays: own.limits.termShiftDays,
});

/** From which to which day a school may begin the term. */
export const firstDaysOf = ({ firstDay, shiftDays }: TermRules): Period => ({
  from: addDays(firstDay, -shiftDays),
  through: addDays(firstDay, shiftDays),
});

/** Whether who does not study from one day on, until another if there is one, has no day of a term's registration. */
export const coversTerm = (
  { firstDay, dueDate }: { readonly firstDay: PlainDate; readonly dueDate: PlainDate },
  from: PlainDate,
  until?: PlainDate,
): boolean => from <= firstDay && (until === undefined || until >= dueDate);

/** The day on which it is asked how students stand in a term: today, and in a term that is over its last day. */
export const dayAsked = ({ nextFirstDay }: Pick<TermRules, 'nextFirstDay'>, today: PlainDate): PlainDate =>
  today < nextFirstDay ? today : addDays(nextFirstDay, -1);

/** The intake whose entry registration is the registration of a term (A12, R-06): when its students began to study. */
export const intakeOf = ({ year, nth }: SchoolTerm): Period =>
  nth === 1 ? intakePeriod(year, 'autumn') : intakePeriod(year + 1, 'spring');

/** The term in whose intake somebody came who began to study on a day. */
export function termOfEntry(enrolledOn: PlainDate): SchoolTerm {
  const end = registrationEndsOn(enrolledOn);
  const year = Number(end.slice(0, 4));
  return end.slice(5) >= '07' ? { year, nth: 1 } : { year: year - 1, nth: 2 };
}

/** How a student stands to the registration of a term; `none` is not asked for. */
export type TermStanding = 'toRegister' | 'byEntry' | 'suspended' | 'pending' | 'none';

/** An enrolment with what became of it: states from days on, in the order in which they were recorded. */
export interface Enrolled {
  readonly versions: readonly { readonly state: EnrolmentState; readonly since: PlainDate }[];
  /** First day of study. */
  readonly enrolledOn: PlainDate;
  /** First day at the school. */
  readonly validFrom: PlainDate;
}

/** The state on a day: of the versions that begin by then the last recorded. */
const stateOn = ({ versions }: Pick<Enrolled, 'versions'>, day: PlainDate): EnrolmentState | undefined =>
  versions.findLast(({ since }) => since <= day)?.state;

/** Whether somebody was active on any day of a period. A state holds until the next begins, so those days tell. */
export const activeWithin = (enrolled: Pick<Enrolled, 'versions'>, { from, through }: Period): boolean =>
  [from, ...enrolled.versions.map(({ since }) => since)].some(
    (day) => day >= from && day <= through && stateOn(enrolled, day) === 'active',
  );

/**
 * Who is to be registered in a term (Art 13, R-15): whoever was active on any day so far, also who has left since.
 * Apart are those who were suspended on all of them, and intakes that wait (A12).
 */
export function standingIn(enrolled: Enrolled, intake: Period, { from, through }: Period): TermStanding {
  const { enrolledOn, validFrom } = enrolled;
  if (enrolledOn > intake.through || validFrom > through) return 'none';
  if (activeWithin(enrolled, { from, through })) return enrolledOn >= intake.from ? 'byEntry' : 'toRegister';
  const state = stateOn(enrolled, through);
  if (state === 'pending' || state === 'heldDuplicate') return 'pending';
  return state === 'suspended' ? 'suspended' : 'none';
}
