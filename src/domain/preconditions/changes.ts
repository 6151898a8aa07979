import { monthsLater } from '../working-days.js';
import type { Kind } from '../procedure.js';
import { blocker } from '../refusal.js';
import type { Rules } from './facts.js';

/** Art 15: what the student studies, and how. */
export const REPEAT_YEAR: Rules<'repeatYear'> = {
  own: [],
  student: [
    ({ enrolment }, { details: { grade } }) =>
      grade !== undefined && grade <= enrolment.grade ? blocker('grade-not-later', 'filer', '/details/grade') : undefined,
    ({ repeats }, { policy }) => (repeats >= policy.limits.repeatYears ? blocker('repeated-too-often', 'authority') : undefined),
  ],
};

export const CHANGE_MAJOR: Rules<'changeMajor'> = {
  own: [],
  student: [
    ({ enrolment }, { details: { majorCode } }) =>
      enrolment.majorCode === majorCode ? blocker('same-major', 'filer', '/details/majorCode') : undefined,
  ],
};

export const CHANGE_STUDY_MODE: Rules<'changeStudyMode'> = {
  own: [],
  student: [
    ({ enrolment }, { details: { studyMode } }) =>
      enrolment.studyMode === studyMode ? blocker('same-study-mode', 'filer', '/details/studyMode') : undefined,
  ],
};

export const SUSPENSION: Rules<'suspension'> = {
  own: [
    ({ details: { until, effectiveOn }, today }) =>
      until <= (effectiveOn ?? today) ? blocker('suspension-ends-before-it-begins', 'filer', '/details/until') : undefined,
    // Service in the army lasts as long as it lasts.
    ({ details: { until, effectiveOn, ground }, today, policy }) =>
      ground !== 'military' && until > monthsLater(effectiveOn ?? today, policy.limits.suspensionMonths)
        ? blocker('suspension-too-long', 'filer', '/details/until')
        : undefined,
  ],
  student: [
    ({ suspensions }, { policy, details: { ground } }) =>
      ground !== 'military' && suspensions >= policy.limits.suspensions ? blocker('suspended-too-often', 'authority') : undefined,
  ],
};

/** An expired suspension may still be resumed within the days of grace; afterwards it is a ground of withdrawal. */
export const WITHDRAWAL: Rules<'withdrawal'> = {
  own: [],
  student: [
    ({ enrolment }, { details: { ground }, today }) =>
      ground === 'notResumed' && !(enrolment.state === 'suspended' && enrolment.suspendedUntil !== null && enrolment.suspendedUntil < today)
        ? blocker('suspension-not-expired', 'filer', '/details/ground')
        : undefined,
  ],
};

export const DEATH: Rules<'death'> = {
  own: [({ details: { diedOn }, today }) => (diedOn > today ? blocker('date-in-future', 'filer', '/details/diedOn') : undefined)],
  student: [],
};

/** What a school can have entered by mistake; what a ruling ended stays as ruled. */
const UNDONE: ReadonlySet<string> = new Set<Kind>(['withdrawal', 'deregistration', 'death']);

/** Undoes the very change by which the enrolment ended, and no other (A19). */
export const REINSTATEMENT: Rules<'reinstatement'> = {
  own: [
    ({ cited }) =>
      cited && UNDONE.has(cited.kind) && cited.state === 'approved' && cited.endedTheEnrolment
        ? undefined
        : blocker('nothing-to-undo', 'filer', '/details/requestId'),
  ],
  student: [],
};
