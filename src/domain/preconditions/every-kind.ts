import { appliesAsGuardian } from '../case/acts.js';
import { stateAfter } from '../dossier/dossier.js';
import { isTransfer, KINDS, type Kind } from '../procedure/procedure.js';
import { authorityOfFiler } from '../procedure/procedures.js';
import { blocker } from '../refusal.js';
import { evidenceEnough, itemsProven, proofsKnown } from './evidence.js';
import { coded, followsThePresent, outOfRange, withinAYear, type OwnRule, type Rules, type StudentRule } from './facts.js';

/** The change must be legal from the student's present state (matrix, state model). */
const legalTransition: StudentRule<Kind> = ({ enrolment }, { kind }) =>
  stateAfter(kind, enrolment.state) ? undefined : blocker('illegal-transition', isTransfer(kind) ? 'sourceSchool' : 'filer');
/**
 * One exclusive change per person (A16). Two kinds run beside it:
 * 1. A death, beside everything but another death.
 * 2. A change of personal information, beside everything but another one; Art 16 gives it days of its own.
 */
const noOpenRequest: StudentRule<Kind> = ({ openRequest, openDeath, openCorrection = false }, { kind }) => {
  const other = kind === 'death' ? openDeath : kind === 'infoCorrection' ? openCorrection : openDeath || openRequest;
  return other ? blocker('change-already-open', 'filer') : undefined;
};
/** Until the ruling, both sides keep what it may end or move. Death and other assertions are exempt. */
const BESIDE_A_RULING: ReadonlySet<Kind> = new Set<Kind>(['death', 'registrationException']);
const notBeingRuled: StudentRule<Kind> = ({ beingRuled }, { kind }) =>
  beingRuled && !BESIDE_A_RULING.has(kind) ? blocker('duplicate-being-ruled', 'authority') : undefined;
/**
 * A graduation that was submitted is a change under way (A16), decided for the student as any other. What runs beside an exclusive change
 * runs beside it too, and another school's assertion of the person does not wait for it (Art 11).
 */
const BESIDE_A_GRADUATION: ReadonlySet<Kind> = new Set<Kind>(['death', 'infoCorrection', 'registrationException']);
const notLeaving: StudentRule<Kind> = ({ graduation }, { kind }) => {
  if (!graduation || BESIDE_A_GRADUATION.has(kind)) return undefined;
  const { code, number } = graduation;
  return {
    ...blocker('student-in-graduation', 'filer'),
    item: { id: code, zh: `${code}（申请编号 ${number}）`, en: `${code} (request ${number})` },
  };
};
/** A death lies where it lies, what it undoes or puts right too (A20). */
const ANY_DAY: ReadonlySet<Kind> = new Set<Kind>(['death', 'infoCorrection', 'studyCorrection', 'reinstatement']);
/** However far back: a death, and what was wrong from the first day on (A20). */
const ALWAYS_BACK: ReadonlySet<Kind> = new Set<Kind>(['death', 'infoCorrection', 'studyCorrection']);
const afterThePresent: StudentRule<Kind> = ({ enrolment }, { kind, details: { effectiveOn: on } }) =>
  on === undefined || ANY_DAY.has(kind) || followsThePresent(on, enrolment) ? undefined : outOfRange;

/** The guardian is put on record by this kind itself, on proof (Art 16). */
const BEFORE_ANY_GUARDIAN: ReadonlySet<Kind> = new Set<Kind>(['infoCorrection']);
/** A minor's guardian who applies is judged against what is on record: nobody becomes one by applying (A11). */
const guardianKnown: StudentRule<Kind> = ({ minor, guardianOnRecord }, { kind, application }) =>
  appliesAsGuardian(application) && minor === true && guardianOnRecord === false && !BEFORE_ANY_GUARDIAN.has(kind)
    ? blocker('guardian-not-on-record', 'filer', '/application/by')
    : undefined;

const evidenceKnown: OwnRule<Kind> = ({ strangeEvidence }) =>
  strangeEvidence ? blocker('unknown-evidence', 'filer', '/evidenceIds') : undefined;
/** Nobody has asked for a change tomorrow (A21). */
const askedForByToday: OwnRule<Kind> = ({ application, today }) =>
  application && application.on > today ? blocker('date-in-future', 'filer', '/application/on') : undefined;
/** Nor before there was a student to ask for one. */
const askedForSinceEnrolment: StudentRule<Kind> = ({ enrolment }, { application }) =>
  application && application.on < enrolment.enrolledOn ? blocker('date-before-enrolment', 'filer', '/application/on') : undefined;
/** What lies where it lies still lies in the student's time (A20). */
const effectiveSinceEnrolment: StudentRule<Kind> = ({ enrolment }, { kind, details: { effectiveOn: on } }) =>
  on !== undefined && ANY_DAY.has(kind) && on < enrolment.enrolledOn
    ? blocker('date-before-enrolment', 'filer', '/details/effectiveOn')
    : undefined;
/** A small school whose only reviewer is the filer could never decide its own step (A22); the authority of the filing school appoints. */
const secondReviewer: OwnRule<Kind> = ({ kind, otherReviewers }) =>
  otherReviewers === 0 ? blocker('no-second-reviewer', authorityOfFiler(kind)) : undefined;
const effectiveInRange: OwnRule<Kind> = ({ kind, details: { effectiveOn: on }, today, policy }) => {
  if (on === undefined || withinAYear(on, today, policy)) return undefined;
  return ALWAYS_BACK.has(kind) && on <= today ? undefined : outOfRange;
};

/** What is or was, and is proved or claimed to be so, is not so from a later day on. */
const NEVER_AHEAD: ReadonlySet<Kind> = new Set<Kind>(['death', 'infoCorrection', 'studyCorrection', 'registrationException']);
const effectiveByToday: OwnRule<Kind> = ({ kind, details: { effectiveOn: on }, today }) =>
  NEVER_AHEAD.has(kind) && on !== undefined && on > today ? blocker('date-in-future', 'filer', '/details/effectiveOn') : undefined;

/** What every kind asks. */
export const EVERY_KIND: Rules<Kind> = {
  student: {
    legalTransition: coded('illegal-transition', legalTransition),
    noOpenRequest: coded('change-already-open', noOpenRequest),
    notBeingRuled: coded('duplicate-being-ruled', notBeingRuled, BESIDE_A_RULING),
    notLeaving: coded('student-in-graduation', notLeaving, BESIDE_A_GRADUATION),
    askedForSinceEnrolment: coded('date-before-enrolment', askedForSinceEnrolment),
    effectiveSinceEnrolment: coded('date-before-enrolment', effectiveSinceEnrolment),
    afterThePresent: coded('effective-date-out-of-range', afterThePresent),
    guardianKnown: coded('guardian-not-on-record', guardianKnown, BEFORE_ANY_GUARDIAN),
  },
  own: {
    effectiveByToday: coded('date-in-future', effectiveByToday, new Set(KINDS.filter((kind) => !NEVER_AHEAD.has(kind)))),
    enoughEvidence: coded('evidence-missing', evidenceEnough),
    evidenceKnown: coded('unknown-evidence', evidenceKnown),
    itemsProven: coded('evidence-item-missing', itemsProven),
    proofsKnown: coded('unknown-evidence-item', proofsKnown),
    askedForByToday: coded('date-in-future', askedForByToday),
    secondReviewer: coded('no-second-reviewer', secondReviewer),
    effectiveInRange: coded('effective-date-out-of-range', effectiveInRange),
  },
};
