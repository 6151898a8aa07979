import { stateAfter, type EnrolmentState } from './dossier.js';
import type { OptionalRule, Policy } from './policy.js';
import type { Kind } from './procedure.js';
import { PROCEDURES } from './procedures.js';
import { blocker, type Blocker } from './refusal.js';
import { addDays } from './working-days.js';

/** What a transfer's preconditions look at. */
export interface TransferFacts {
  readonly kind: Kind;
  readonly policy: Policy;
  readonly today: string;
  readonly effectiveOn?: string;
  readonly evidence: number;
  readonly openRequest: boolean;
  readonly enrolment: {
    readonly state: EnrolmentState;
    readonly enrolledOn: string;
    readonly expectedLeavingOn: string;
    readonly validFrom: string;
  };
  readonly source: { readonly id: string; readonly track: 'vocational' | 'ordinary' };
  readonly destination?: { readonly id: string; readonly track: 'vocational' | 'ordinary'; readonly closed: boolean };
  /** Reviewers of the filing school other than the filer. */
  readonly otherReviewers: number;
}

type Rule = (facts: TransferFacts) => Blocker | undefined;

const destinationKnown: Rule = (f) => (f.destination ? undefined : blocker('unknown-school', 'filer', '/details/destinationSchoolId'));
const destinationDiffers: Rule = (f) =>
  f.destination?.id === f.source.id ? blocker('same-school', 'filer', '/details/destinationSchoolId') : undefined;
const destinationOpen: Rule = (f) =>
  f.destination?.closed ? blocker('school-closed', 'filer', '/details/destinationSchoolId') : undefined;
const rightTrack: Rule = ({ kind, source, destination }) =>
  destination && (kind === 'crossTrackTransfer') !== (source.track !== destination.track) ? blocker('wrong-track', 'filer') : undefined;
const directionAllowed: Rule = ({ kind, policy, destination }) =>
  kind === 'crossTrackTransfer' &&
  destination &&
  !policy.directions.includes(destination.track === 'vocational' ? 'toVocational' : 'toOrdinary')
    ? blocker('direction-not-allowed', 'destinationAuthority')
    : undefined;
/** Only an active student transfers: not while suspended, nor after leaving (matrix, state model). */
const activeStudent: Rule = (f) => (stateAfter(f.kind, f.enrolment.state) ? undefined : blocker('illegal-transition', 'sourceSchool'));
const noOpenRequest: Rule = (f) => (f.openRequest ? blocker('change-already-open', 'filer') : undefined);
const enoughEvidence: Rule = (f) =>
  f.evidence < f.policy.kinds[f.kind].leastEvidence ? blocker('evidence-missing', 'filer', '/evidenceIds') : undefined;
/** A small school whose only reviewer is the filer could never decide its own step; its authority appoints another (A22). */
const secondReviewer: Rule = (f) =>
  f.otherReviewers === 0
    ? blocker('no-second-reviewer', PROCEDURES[f.kind].filedBy === 'sourceSchool' ? 'sourceAuthority' : 'destinationAuthority')
    : undefined;
/** A year ahead at most; back as far as policy says (A20), and never before the enrolment it closes. */
const effectiveInRange: Rule = ({ effectiveOn: on, today, policy, enrolment }) =>
  on !== undefined && (on < addDays(today, -policy.effectiveDaysBack) || on > addDays(today, 365) || on <= enrolment.validFrom)
    ? blocker('effective-date-out-of-range', 'filer', '/details/effectiveOn')
    : undefined;

const ALWAYS: readonly Rule[] = [
  destinationKnown,
  destinationDiffers,
  destinationOpen,
  rightTrack,
  directionAllowed,
  activeStudent,
  noOpenRequest,
  enoughEvidence,
  secondReviewer,
  effectiveInRange,
];

/** Common provincial practice, switched on by policy (matrix, "C"). */
const OPTIONAL: Readonly<Record<OptionalRule, Rule>> = {
  notUnderOneTerm: (f) => (addDays(f.enrolment.enrolledOn, 140) > f.today ? blocker('under-one-term', 'sourceSchool') : undefined),
  notGraduatingGrade: (f) =>
    addDays(f.today, 365) > f.enrolment.expectedLeavingOn ? blocker('graduating-grade', 'sourceSchool') : undefined,
  withinTransferWindow: (f) => (/-(0[1278])-/.test(f.today) ? undefined : blocker('outside-transfer-window', 'filer')),
};

/** All reasons why this transfer can't be filed now; empty when it can. Filing and the dry run call this same function. */
export const transferBlockers = (facts: TransferFacts): Blocker[] =>
  [...ALWAYS, ...facts.policy.kinds[facts.kind].rules.map((name) => OPTIONAL[name])].flatMap((rule) => rule(facts) ?? []);
