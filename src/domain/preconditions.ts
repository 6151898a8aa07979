import { stateAfter, type EnrolmentState } from './dossier.js';
import type { OptionalRule, Policy } from './policy.js';
import type { Kind } from './procedure.js';
import { PROCEDURES } from './procedures.js';
import { blocker, type Blocker } from './refusal.js';
import { addDays } from './working-days.js';

/** What the preconditions know of the student and the source school. */
export interface AboutStudent {
  readonly openRequest: boolean;
  readonly enrolment: {
    readonly state: EnrolmentState;
    readonly enrolledOn: string;
    readonly expectedLeavingOn: string;
    readonly validFrom: string;
  };
  readonly source: { readonly id: string; readonly track: 'vocational' | 'ordinary' };
}

/** What a transfer's preconditions look at. */
export interface TransferFacts {
  readonly kind: Kind;
  readonly policy: Policy;
  readonly today: string;
  readonly effectiveOn?: string;
  readonly evidence: number;
  /** Undefined when a cross-track transfer names a number and a name that do not belong together. */
  readonly student?: AboutStudent;
  readonly destination?: { readonly id: string; readonly track: 'vocational' | 'ordinary'; readonly closed: boolean };
  /** Reviewers of the filing school other than the filer. */
  readonly otherReviewers: number;
}

const outOfRange = blocker('effective-date-out-of-range', 'filer', '/details/effectiveOn');

type OwnRule = (facts: TransferFacts) => Blocker | undefined;
type StudentRule = (student: AboutStudent, facts: TransferFacts) => Blocker | undefined;

const destinationDiffers: StudentRule = ({ source }, { destination }) =>
  destination?.id === source.id ? blocker('same-school', 'filer', '/details/destinationSchoolId') : undefined;
const rightTrack: StudentRule = ({ source }, { kind, destination }) =>
  destination && (kind === 'crossTrackTransfer') !== (source.track !== destination.track) ? blocker('wrong-track', 'filer') : undefined;
/** Only an active student transfers: not while suspended, nor after leaving (matrix, state model). */
const activeStudent: StudentRule = ({ enrolment }, { kind }) =>
  stateAfter(kind, enrolment.state) ? undefined : blocker('illegal-transition', 'sourceSchool');
const noOpenRequest: StudentRule = ({ openRequest }) => (openRequest ? blocker('change-already-open', 'filer') : undefined);
/** A change never takes effect before the enrolment that it closes. */
const afterEnrolment = (on: string, { validFrom }: { readonly validFrom: string }): boolean => on > validFrom;
/** A year ahead at most; back as far as policy says (A20). */
const withinAYear = (on: string, today: string, { effectiveDaysBack }: Pick<Policy, 'effectiveDaysBack'>): boolean =>
  on >= addDays(today, -effectiveDaysBack) && on <= addDays(today, 365);

/** Whether a change may take effect on a day: the filer's `effectiveOn` and the first day of a placement, which is its default, alike. */
export const mayTakeEffectOn = (
  on: string,
  enrolment: { readonly validFrom: string },
  today: string,
  policy: Pick<Policy, 'effectiveDaysBack'>,
): boolean => afterEnrolment(on, enrolment) && withinAYear(on, today, policy);

const effectiveWithinEnrolment: StudentRule = ({ enrolment }, { effectiveOn: on }) =>
  on === undefined || afterEnrolment(on, enrolment) ? undefined : outOfRange;

const ABOUT_STUDENT: readonly StudentRule[] = [destinationDiffers, rightTrack, activeStudent, noOpenRequest, effectiveWithinEnrolment];

const destinationKnown: OwnRule = (f) => (f.destination ? undefined : blocker('unknown-school', 'filer', '/details/destinationSchoolId'));
const destinationOpen: OwnRule = (f) =>
  f.destination?.closed ? blocker('school-closed', 'filer', '/details/destinationSchoolId') : undefined;
const directionAllowed: OwnRule = ({ kind, policy, destination }) =>
  kind === 'crossTrackTransfer' &&
  destination &&
  !policy.directions.includes(destination.track === 'vocational' ? 'toVocational' : 'toOrdinary')
    ? blocker('direction-not-allowed', 'destinationAuthority')
    : undefined;
const enoughEvidence: OwnRule = (f) =>
  f.evidence < f.policy.kinds[f.kind].leastEvidence ? blocker('evidence-missing', 'filer', '/evidenceIds') : undefined;
/** A small school whose only reviewer is the filer could never decide its own step (A22); the authority of the filing school appoints. */
const secondReviewer: OwnRule = ({ kind, otherReviewers }) =>
  otherReviewers === 0
    ? blocker('no-second-reviewer', PROCEDURES[kind].filedBy === 'sourceSchool' ? 'sourceAuthority' : 'destinationAuthority')
    : undefined;
const effectiveInRange: OwnRule = ({ effectiveOn: on, today, policy }) =>
  on === undefined || withinAYear(on, today, policy) ? undefined : outOfRange;

const OWN: readonly OwnRule[] = [destinationKnown, destinationOpen, directionAllowed, enoughEvidence, secondReviewer, effectiveInRange];

/** Common provincial practice, switched on by policy (matrix, "C"). */
const OPTIONAL_ABOUT_STUDENT: Readonly<Partial<Record<OptionalRule, StudentRule>>> = {
  notUnderOneTerm: ({ enrolment }, { today }) =>
    addDays(enrolment.enrolledOn, 140) > today ? blocker('under-one-term', 'sourceSchool') : undefined,
  notGraduatingGrade: ({ enrolment }, { today }) =>
    addDays(today, 365) > enrolment.expectedLeavingOn ? blocker('graduating-grade', 'sourceSchool') : undefined,
};
const OPTIONAL_OWN: Readonly<Partial<Record<OptionalRule, OwnRule>>> = {
  withinTransferWindow: (f) => (/-(0[1278])-/.test(f.today) ? undefined : blocker('outside-transfer-window', 'filer')),
};

const NOT_MATCHED = blocker('student-not-matched', 'filer', '/details/student');

/** All reasons why this transfer can't be filed now; empty when it can. */
export function transferBlockers(facts: TransferFacts): Blocker[] {
  const { theirs, own } = sides(facts);
  return unrepeated([...theirs, ...own]);
}

/**
 * What of them the filer is told; filing and the dry run both answer this. The filer of a cross-track transfer may not see the student:
 * whatever is wrong on the other side is one and the same reason.
 */
export function blockersTold(facts: TransferFacts): Blocker[] {
  const { theirs, own } = sides(facts);
  return unrepeated([...(facts.kind === 'crossTrackTransfer' && theirs.length > 0 ? [NOT_MATCHED] : theirs), ...own]);
}

function sides(facts: TransferFacts): { theirs: Blocker[]; own: Blocker[] } {
  const { kind, policy, student } = facts;
  const switchedOn = <R>(rules: Readonly<Partial<Record<OptionalRule, R>>>) =>
    policy.kinds[kind].rules.flatMap((name) => rules[name] ?? []);
  return {
    theirs: student
      ? [...ABOUT_STUDENT, ...switchedOn(OPTIONAL_ABOUT_STUDENT)].flatMap((rule) => rule(student, facts) ?? [])
      : [NOT_MATCHED],
    own: [...OWN, ...switchedOn(OPTIONAL_OWN)].flatMap((rule) => rule(facts) ?? []),
  };
}

const unrepeated = (blockers: readonly Blocker[]): Blocker[] =>
  blockers.filter(({ code }, i) => blockers.findIndex((other) => other.code === code) === i);
