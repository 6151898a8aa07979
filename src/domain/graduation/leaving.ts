import type { EnrolmentState } from '../dossier/dossier.js';
import type { Policy } from '../policy/policy.js';
import { blocker, type Blocker } from '../refusal.js';
import { addDays, monthsLater, type PlainDate } from '../working-days.js';
import type { EarlyGround, LeavingOutcome } from './outcomes.js';

/** How somebody is to leave. */
export interface Leaving {
  readonly outcome: LeavingOutcome;
  readonly leavingOn: PlainDate;
  readonly early?: EarlyGround | null;
}

/** What is known of a student whose leaving is judged. */
export interface LeavingStudent {
  /** Of the enrolment at this school. */
  readonly state: EnrolmentState;
  /** Since when it is in that state. */
  readonly since: PlainDate;
  readonly enrolledOn: PlainDate;
  readonly expectedLeavingOn: PlainDate;
  /** Another request of the student is open, of any kind. */
  readonly openRequest: boolean;
  /** Another graduation under way names the student. */
  readonly openGraduation: boolean;
  /** Another record says that it is the same person (Art 8, Art 11). */
  readonly disputed: boolean;
  /** The student number is still a provisional one. */
  readonly provisionalNumber: boolean;
  /** Codes of the terms that the student studied in and is not registered in, such as `2026-1`. */
  readonly unregisteredTerms: readonly string[];
  /** The first day of a term in which the student is registered as studying and which begins after the leaving day. */
  readonly registeredAfter?: PlainDate | null;
  /** 贯通培养: whether the record says of a programme that leads on to another stage. */
  readonly crossStage: boolean;
}

export type LeavingPolicy = Pick<Policy, 'earlyLeavingDays' | 'earlyGraduationMonths' | 'discontinuedMonths'>;

type Rule = (student: LeavingStudent, leaving: Leaving, policy: LeavingPolicy) => Blocker | undefined;

const inStudy: Rule = ({ state }) => {
  if (state === 'active') return undefined;
  return blocker(state === 'suspended' ? 'leaving-suspended' : 'leaving-not-studying', 'filer');
};
/** Nobody leaves before the state of the day began. */
const afterThePresent: Rule = ({ since }, { leavingOn }) =>
  leavingOn < since ? blocker('leaving-before-present', 'filer', '/leavingOn') : undefined;
const noOpenRequest: Rule = ({ openRequest }) => (openRequest ? blocker('change-already-open', 'filer') : undefined);
const noOpenGraduation: Rule = ({ openGraduation }) => (openGraduation ? blocker('graduation-already-open', 'filer') : undefined);
const undisputed: Rule = ({ disputed }) => (disputed ? blocker('leaving-disputed', 'authority') : undefined);
const numbered: Rule = ({ provisionalNumber }) => (provisionalNumber ? blocker('leaving-number-provisional', 'authority') : undefined);
const everyTermRegistered: Rule = ({ unregisteredTerms }) => {
  const [id] = unregisteredTerms;
  if (id === undefined) return undefined;
  return {
    ...blocker('leaving-term-unregistered', 'filer'),
    item: { id, zh: unregisteredTerms.join('、'), en: unregisteredTerms.join(', ') },
  };
};
const noLaterTerm: Rule = ({ registeredAfter }) => (registeredAfter ? blocker('leaving-over-registered-term', 'filer') : undefined);

/** With the class: not long before its day, but on enlistment. */
const atTheEnd: Rule = ({ expectedLeavingOn }, { outcome, leavingOn, early }, { earlyLeavingDays, earlyGraduationMonths }) => {
  if (outcome === 'discontinued') return undefined;
  const soonest = early ? monthsLater(expectedLeavingOn, -earlyGraduationMonths) : addDays(expectedLeavingOn, -earlyLeavingDays);
  return leavingOn < soonest ? blocker('leaving-too-early', 'filer', '/leavingOn') : undefined;
};
const earlyOnlyToGraduate: Rule = (_, { outcome, early }) =>
  early && outcome !== 'graduated' ? blocker('leaving-early-not-graduated', 'filer', '/early') : undefined;
/** 肄业: who has studied for a year at least, and leaves before the end. */
const studiedLongEnough: Rule = ({ enrolledOn }, { outcome, leavingOn }, { discontinuedMonths }) =>
  outcome === 'discontinued' && leavingOn < monthsLater(enrolledOn, discontinuedMonths)
    ? blocker('leaving-studied-too-short', 'filer', '/outcome')
    : undefined;
const leadsOn: Rule = ({ crossStage }, { outcome }) =>
  outcome === 'advanced' && !crossStage ? blocker('leaving-not-cross-stage', 'filer', '/outcome') : undefined;

const RULES: readonly Rule[] = [
  inStudy,
  noOpenRequest,
  noOpenGraduation,
  undisputed,
  numbered,
  everyTermRegistered,
  noLaterTerm,
  afterThePresent,
  atTheEnd,
  earlyOnlyToGraduate,
  studiedLongEnough,
  leadsOn,
];

/** 在办业务清理: everything that stands in the way of a student's leaving, with who clears it; empty when nothing does. Pure. */
export const leavingBlockers = (student: LeavingStudent, leaving: Leaving, policy: LeavingPolicy): Blocker[] =>
  RULES.flatMap((rule) => rule(student, leaving, policy) ?? []);
