import type { Application } from '../case/acts.js';
import type { WITHDRAWAL_GROUNDS } from '../case/details.js';
import { placeFault, type Study, type StudyFault } from '../dossier/study.js';
import { gradeInReach } from '../dossier/grades.js';
import { KINDS } from '../procedure/procedure.js';
import { addDays, monthsLater } from '../working-days.js';
import { blocker, type Blocker } from '../refusal.js';
import { classBlocker, CLASS_CODES } from './classes.js';
import { coversTerm } from '../terms/school-term.js';
import { coded, outOfRange, type AboutStudent, type Rules, type StudentRule } from './facts.js';

/** Near the present year of intake; that a repeated one is later is a reason of its own. */
const nearThePresentGrade: StudentRule<'repeatYear' | 'changeMajor'> = ({ enrolment }, { kind, details: { grade }, today }) => {
  if (grade === undefined || (kind === 'repeatYear' && grade <= enrolment.grade)) return undefined;
  return gradeInReach(kind, grade, enrolment, today) ? undefined : blocker('grade-out-of-reach', 'filer', '/details/grade');
};

/** What the school offers to that intake is what a student there may study. */
const placeable = (student: AboutStudent, study: Study, pointers: Partial<Record<StudyFault['field'], string>>): Blocker | undefined => {
  const found = placeFault(study, student.source);
  return found && blocker(found.code, 'filer', pointers[found.field]);
};
/** Only an open class of the school, of that grade and major, takes the student. */
const classTakes = (student: AboutStudent, study: Pick<Study, 'grade' | 'majorCode'>): Blocker | undefined =>
  classBlocker(student.source.namedClass, study, { owner: 'filer', pointer: '/details/className' });
export const PLACE_CODES = [
  'major-not-taken',
  'study-mode-not-taken',
  'major-required',
  'major-not-offered',
  'study-mode-not-licensed',
] as const;

/** Art 15: what the student studies, and how. */
export const REPEAT_YEAR: Rules<'repeatYear'> = {
  own: {},
  student: {
    gradeLater: coded('grade-not-later', ({ enrolment }, { details: { grade } }) =>
      grade !== undefined && grade <= enrolment.grade ? blocker('grade-not-later', 'filer', '/details/grade') : undefined,
    ),
    gradeInReach: coded('grade-out-of-reach', nearThePresentGrade),
    gradeOffered: coded(PLACE_CODES, (student, { details: { grade }, today }) => {
      const { grade: before, majorCode, studyMode } = student.enrolment;
      const next = grade ?? String(Number(before) + 1);
      if (!gradeInReach('repeatYear', next, student.enrolment, today)) return undefined;
      return placeable(student, { grade: next, majorCode, studyMode }, { majorCode: '/details/grade', studyMode: '/details/grade' });
    }),
    classOpen: coded(CLASS_CODES, (student, { details: { grade } }) => {
      const { grade: before, majorCode } = student.enrolment;
      return classTakes(student, { grade: grade ?? String(Number(before) + 1), majorCode });
    }),
    notRepeatedTooOften: coded('repeated-too-often', ({ repeats }, { policy }) =>
      repeats >= policy.limits.repeatYears ? blocker('repeated-too-often', 'authority') : undefined,
    ),
  },
};

export const CHANGE_MAJOR: Rules<'changeMajor'> = {
  own: {},
  student: {
    majorDiffers: coded('same-major', ({ enrolment }, { details: { majorCode } }) =>
      enrolment.majorCode === majorCode ? blocker('same-major', 'filer', '/details/majorCode') : undefined,
    ),
    gradeInReach: coded('grade-out-of-reach', nearThePresentGrade),
    majorOffered: coded(['major-not-taken', 'major-not-in-catalogue', 'major-not-offered', 'study-mode-not-licensed'], (student, facts) => {
      const { grade = student.enrolment.grade, majorCode } = facts.details;
      if (nearThePresentGrade(student, facts)) return undefined;
      return placeable(student, { grade, majorCode, studyMode: student.enrolment.studyMode }, { majorCode: '/details/majorCode' });
    }),
    classOpen: coded(CLASS_CODES, (student, { details: { grade = student.enrolment.grade, majorCode } }) =>
      classTakes(student, { grade, majorCode }),
    ),
  },
};

export const CHANGE_STUDY_MODE: Rules<'changeStudyMode'> = {
  own: {},
  student: {
    studyModeDiffers: coded('same-study-mode', ({ enrolment }, { details: { studyMode } }) =>
      enrolment.studyMode === studyMode ? blocker('same-study-mode', 'filer', '/details/studyMode') : undefined,
    ),
    studyModeOffered: coded([...PLACE_CODES, 'length-not-offered'], (student, { details: { studyMode, lengthYears } }) => {
      const at = { studyMode: '/details/studyMode', lengthYears: '/details/lengthYears' };
      return placeable(student, { ...student.enrolment, studyMode, lengthYears }, at);
    }),
    /** Nobody has left before today by a shorter length of schooling. */
    leavingStillAhead: coded('leaving-contradicts-length', ({ enrolment }, { details: { lengthYears }, today }) => {
      if (lengthYears === undefined) return undefined;
      const leavingOn = monthsLater(enrolment.expectedLeavingOn, Math.round(12 * (lengthYears - enrolment.lengthYears)));
      return leavingOn <= today ? blocker('leaving-contradicts-length', 'filer', '/details/lengthYears') : undefined;
    }),
  },
};

/**
 * No suspension or withdrawal covers a registered term: from its first day through the last one to register (A20). What begins within the
 * term leaves its registration right.
 */
const overNoRegisteredTerm: StudentRule<'suspension' | 'withdrawal'> = ({ registeredTerms = [] }, { details, today }) => {
  const until = 'until' in details ? details.until : undefined;
  return registeredTerms.some((term) => coversTerm(term, details.effectiveOn ?? today, until))
    ? blocker('over-registered-term', 'filer', '/details/effectiveOn')
    : undefined;
};

export const SUSPENSION: Rules<'suspension'> = {
  own: {
    endsAfterItBegins: coded('suspension-ends-before-it-begins', ({ details: { until, effectiveOn }, today }) =>
      until <= (effectiveOn ?? today) ? blocker('suspension-ends-before-it-begins', 'filer', '/details/until') : undefined,
    ),
    /** Service in the army lasts as long as it lasts. */
    notTooLong: coded('suspension-too-long', ({ details: { until, effectiveOn, ground }, today, policy }) =>
      ground !== 'military' && until > monthsLater(effectiveOn ?? today, policy.limits.suspensionMonths)
        ? blocker('suspension-too-long', 'filer', '/details/until')
        : undefined,
    ),
  },
  student: {
    overNoRegisteredTerm: coded('over-registered-term', overNoRegisteredTerm),
    notSuspendedTooOften: coded('suspended-too-often', ({ suspensions }, { policy, details: { ground } }) =>
      ground !== 'military' && suspensions >= policy.limits.suspensions ? blocker('suspended-too-often', 'authority') : undefined,
    ),
  },
};

type WithdrawalGround = (typeof WITHDRAWAL_GROUNDS)[number];
const FAMILY: readonly Application['by'][] = ['student', 'guardian', 'studentAndGuardian'];
const OFFICIAL: readonly Application['by'][] = ['school', 'court'];
/** Who asks for a withdrawal on a ground. Of what the family asks for, it must be said who asked. */
const ASKED_BY: Readonly<Record<WithdrawalGround, readonly Application['by'][] | undefined>> = {
  ownApplication: FAMILY,
  studyAbroad: FAMILY,
  notResumed: OFFICIAL,
  suspendedTwoYears: OFFICIAL,
  absence: OFFICIAL,
  expulsion: OFFICIAL,
  other: undefined,
};

export const WITHDRAWAL: Rules<'withdrawal'> = {
  own: {
    /** An application of the student that nobody made is none (教职成〔2010〕7号: by student and guardian). */
    applicantFitsGround: coded(['application-missing', 'applicant-contradicts-ground'], ({ application, details: { ground } }) => {
      const by = ASKED_BY[ground];
      if (!by) return undefined;
      if (!application) return by === FAMILY ? blocker('application-missing', 'filer', '/application') : undefined;
      return by.includes(application.by) ? undefined : blocker('applicant-contradicts-ground', 'filer', '/application/by');
    }),
  },
  student: {
    overNoRegisteredTerm: coded('over-registered-term', overNoRegisteredTerm),
    /** An expired suspension may still be resumed within the days of grace; only afterwards is it a ground of withdrawal. */
    graceHasPassed: coded('suspension-not-expired', ({ enrolment: { state, suspendedUntil } }, { details: { ground }, today, policy }) =>
      ground === 'notResumed' &&
      !(state === 'suspended' && suspendedUntil !== null && addDays(suspendedUntil, policy.limits.resumptionGraceDays) < today)
        ? blocker('suspension-not-expired', 'filer', '/details/ground')
        : undefined,
    ),
    /** 连续休学两年仍不能复学. */
    suspendedLongEnough: coded('suspended-too-short', ({ enrolment }, { details: { ground }, today, policy }) =>
      ground === 'suspendedTwoYears' &&
      !(
        enrolment.state === 'suspended' &&
        monthsLater(enrolment.suspendedSince ?? enrolment.since, policy.limits.longSuspensionMonths) <= today
      )
        ? blocker('suspended-too-short', 'filer', '/details/ground')
        : undefined,
    ),
  },
};

export const DEATH: Rules<'death'> = {
  own: {
    diedByToday: coded('date-in-future', ({ details: { diedOn }, today }) =>
      diedOn > today ? blocker('date-in-future', 'filer', '/details/diedOn') : undefined,
    ),
  },
  student: {
    diedSinceEnrolment: coded('date-before-enrolment', ({ enrolment }, { details: { diedOn } }) =>
      diedOn < enrolment.enrolledOn ? blocker('date-before-enrolment', 'filer', '/details/diedOn') : undefined,
    ),
  },
};

/** What a school can have effected wrongly. What a ruling or a claim settled stays; an undoing is undone by filing the change again. */
const UNDONE: ReadonlySet<string> = new Set([
  ...KINDS.filter((kind) => kind !== 'registrationException' && kind !== 'reinstatement'),
  'graduation',
]);

export const REINSTATEMENT: Rules<'reinstatement'> = {
  own: {
    /** Undoes a change that has taken effect, the latest first (A19). */
    citesWhatMayBeUndone: coded(['nothing-to-undo', 'change-not-latest'], ({ cited }) => {
      if (!cited || !UNDONE.has(cited.kind) || cited.state !== 'approved') return blocker('nothing-to-undo', 'filer', '/details/requestId');
      return cited.isLatest ? undefined : blocker('change-not-latest', 'filer', '/details/requestId');
    }),
    /** What was handed over stands until a decision or a court takes it back: a mistake alone does not (Art 26). */
    noCertificateOut: coded('certificate-stands', ({ cited, details: { ground } }) =>
      cited?.certificateOut && ground === 'enteredByMistake' ? blocker('certificate-stands', 'authority', '/details/ground') : undefined,
    ),
    otherSchoolOpen: coded('school-closed', ({ destination }) =>
      destination?.closed ? blocker('school-closed', 'authority', '/details/requestId') : undefined,
    ),
  },
  student: {
    /** Not before the day of what it undoes. */
    notBeforeWhatItUndoes: coded('effective-date-out-of-range', ({ enrolment }, { details: { effectiveOn: on } }) =>
      on !== undefined && on < enrolment.since ? outOfRange : undefined,
    ),
  },
};
