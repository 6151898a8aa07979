import { stateAfter } from '../dossier.js';
import type { OptionalRule } from '../policy.js';
import { isTransfer, type Kind } from '../procedure.js';
import { authorityOfFiler } from '../procedures.js';
import { blocker } from '../refusal.js';
import { addDays } from '../working-days.js';
import { followsThePresent, outOfRange, withinAYear, type OwnRule, type Rules, type StudentRule } from './facts.js';

/** The change must be legal from the student's present state (matrix, state model). */
const legalTransition: StudentRule<Kind> = ({ enrolment }, { kind }) =>
  stateAfter(kind, enrolment.state) ? undefined : blocker('illegal-transition', isTransfer(kind) ? 'sourceSchool' : 'filer');
/** One exclusive change per person; a death may be filed beside it (A16). */
const noOpenRequest: StudentRule<Kind> = ({ openRequest, openDeath }, { kind }) =>
  openDeath || (openRequest && kind !== 'death') ? blocker('change-already-open', 'filer') : undefined;
/** A death lies where it lies, what it undoes or puts right too (A20). */
const ANY_DAY: ReadonlySet<Kind> = new Set<Kind>(['death', 'infoCorrection', 'reinstatement']);
/** However far back: a death, and what was wrong from the first day on (A20). */
const ALWAYS_BACK: ReadonlySet<Kind> = new Set<Kind>(['death', 'infoCorrection']);
const afterThePresent: StudentRule<Kind> = ({ enrolment }, { kind, details: { effectiveOn: on } }) =>
  on === undefined || ANY_DAY.has(kind) || followsThePresent(on, enrolment) ? undefined : outOfRange;

const enoughEvidence: OwnRule<Kind> = (f) =>
  f.evidence < f.policy.kinds[f.kind].leastEvidence ? blocker('evidence-missing', 'filer', '/evidenceIds') : undefined;
/** A small school whose only reviewer is the filer could never decide its own step (A22); the authority of the filing school appoints. */
const secondReviewer: OwnRule<Kind> = ({ kind, otherReviewers }) =>
  otherReviewers === 0 ? blocker('no-second-reviewer', authorityOfFiler(kind)) : undefined;
const effectiveInRange: OwnRule<Kind> = ({ kind, details: { effectiveOn: on }, today, policy }) => {
  if (on === undefined || withinAYear(on, today, policy)) return undefined;
  return ALWAYS_BACK.has(kind) && on <= today ? undefined : outOfRange;
};

/** What every kind asks. */
export const EVERY_KIND: Rules<Kind> = {
  student: [legalTransition, noOpenRequest, afterThePresent],
  own: [enoughEvidence, secondReviewer, effectiveInRange],
};

const inMonths = (today: string, months: readonly number[]): boolean => months.includes(Number(today.slice(5, 7)));
/** Days since the latest first day of a term. */
const intoTerm = (today: string, starts: readonly string[]): number => {
  const year = Number(today.slice(0, 4));
  const latest = [year - 1, year]
    .flatMap((y) => starts.map((start) => `${y}-${start}`))
    .filter((day) => day <= today)
    .sort()
    .at(-1);
  return latest === undefined ? Infinity : (Date.parse(today) - Date.parse(latest)) / 86_400_000;
};

/** Common provincial practice on the student, switched on by policy (matrix, "C"). */
export const OPTIONAL_STUDENT: Readonly<Partial<Record<OptionalRule, StudentRule<Kind>>>> = {
  notUnderOneTerm: ({ enrolment }, { today, policy }) =>
    addDays(enrolment.enrolledOn, policy.limits.termDays) > today ? blocker('under-one-term', 'sourceSchool') : undefined,
  notGraduatingGrade: ({ enrolment }, { today, policy }) =>
    addDays(today, policy.limits.graduatingDays) > enrolment.expectedLeavingOn ? blocker('graduating-grade', 'sourceSchool') : undefined,
};

/** The same on what the filer knows. */
export const OPTIONAL_OWN: Readonly<Partial<Record<OptionalRule, OwnRule<Kind>>>> = {
  withinTransferWindow: ({ today, policy }) =>
    inMonths(today, policy.limits.transferMonths) ? undefined : blocker('outside-transfer-window', 'filer'),
  atEndOfYear: ({ today, policy }) => (inMonths(today, policy.limits.repeatMonths) ? undefined : blocker('not-end-of-year', 'filer')),
  withinFirstWeeks: ({ today, policy }) =>
    intoTerm(today, policy.limits.termStarts) < policy.limits.changeMajorDays ? undefined : blocker('outside-change-window', 'filer'),
};
