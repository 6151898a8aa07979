import type { MessageCode } from '../messages/messages.js';
import type { OptionalRule } from '../policy/policy.js';
import type { MAJOR_GROUNDS } from '../case/details.js';
import { isTransfer, type Kind } from '../procedure/procedure.js';
import { offerOf, type Offer, type Study, type StudyPlace } from '../dossier/study.js';
import { blocker, type Blocker } from '../refusal.js';
import { addDays, monthsLater } from '../working-days.js';
import type { Facts, OwnRule, StudentRule } from './facts.js';
import { intoTerm, termOfStudy, termsAround } from './terms.js';

type MajorGround = (typeof MAJOR_GROUNDS)[number];

const STUDIES: readonly Kind[] = ['transfer', 'crossTrackTransfer', 'changeMajor', 'changeStudyMode'];

/** The kinds that a rule applies to, and its code in precheck and filing. Deaths and corrections wait for no window. */
export const OPTIONAL: Readonly<Record<OptionalRule, { readonly code: MessageCode; readonly kinds: readonly Kind[] }>> = {
  notUnderOneTerm: { code: 'under-one-term', kinds: STUDIES },
  notGraduatingGrade: { code: 'graduating-grade', kinds: [...STUDIES, 'repeatYear'] },
  withinTransferWindow: { code: 'outside-transfer-window', kinds: ['transfer', 'crossTrackTransfer'] },
  enoughStudyRemaining: { code: 'too-little-study-remaining', kinds: ['crossTrackTransfer'] },
  atEndOfYear: { code: 'not-end-of-year', kinds: ['repeatYear'] },
  withinFirstWeeks: { code: 'outside-change-window', kinds: ['changeMajor', 'changeStudyMode'] },
  businessAfterAYear: { code: 'too-early-for-business', kinds: ['suspension'] },
  resumptionNotice: { code: 'resumption-filed-too-late', kinds: ['resumption'] },
  minorNeedsGuardian: { code: 'guardian-must-apply', kinds: ['withdrawal'] },
  withinGradeWindow: { code: 'outside-grade-window', kinds: ['transfer', 'crossTrackTransfer'] },
  similarMajor: { code: 'major-not-similar', kinds: ['transfer'] },
  sameLengthAndEntry: { code: 'length-or-entry-differs', kinds: ['transfer'] },
  noOpenIrregularity: { code: 'irregularity-open', kinds: STUDIES },
  withinFirstTerms: { code: 'outside-first-terms', kinds: ['changeMajor'] },
  withinSuspendedTotal: { code: 'suspended-too-long', kinds: ['suspension'] },
  withinRepeatShare: { code: 'repeat-share-used-up', kinds: ['repeatYear'] },
  withinCategoryTerms: { code: 'outside-category-terms', kinds: ['changeMajor'] },
};

/** Majors are near one another within a category 专业大类, which the first two digits of a code say. */
const CATEGORY = 2;
const sameCategory = (one: string, other: string): boolean => one.slice(0, CATEGORY) === other.slice(0, CATEGORY);

const inMonths = (today: string, months: readonly number[]): boolean => months.includes(Number(today.slice(5, 7)));
/** Common provincial practice on the student, switched on by policy (matrix, "C"). */
export const OPTIONAL_STUDENT: Readonly<Partial<Record<OptionalRule, StudentRule<Kind>>>> = {
  notUnderOneTerm: ({ enrolment }, { kind, today, policy }) =>
    addDays(enrolment.enrolledOn, policy.limits.termDays) > today
      ? blocker('under-one-term', isTransfer(kind) ? 'sourceSchool' : 'filer')
      : undefined,
  notGraduatingGrade: ({ enrolment }, { kind, today, policy }) =>
    addDays(today, policy.limits.graduatingDays) > enrolment.expectedLeavingOn
      ? blocker('graduating-grade', isTransfer(kind) ? 'sourceSchool' : 'authority')
      : undefined,
  enoughStudyRemaining: ({ enrolment }, { today, policy, destination }) =>
    destination?.track === 'vocational' && addDays(today, policy.limits.leastRemainingDays) > enrolment.expectedLeavingOn
      ? blocker('too-little-study-remaining', 'filer')
      : undefined,
  businessAfterAYear: ({ enrolment }, facts) =>
    is('suspension', facts) &&
    facts.details.ground === 'startingBusiness' &&
    addDays(enrolment.enrolledOn, facts.policy.limits.businessAfterDays) > (facts.details.effectiveOn ?? facts.today)
      ? blocker('too-early-for-business', 'filer', '/details/ground')
      : undefined,
  /** Schools must not force minors out: who leaves by own application does so with the guardian. */
  minorNeedsGuardian: ({ minor }, facts) =>
    is('withdrawal', facts) && minor === true && facts.details.ground === 'ownApplication' && facts.application?.by !== 'studentAndGuardian'
      ? blocker('guardian-must-apply', 'filer', '/application/by')
      : undefined,
  withinGradeWindow: ({ enrolment }, { today, policy: { limits } }) =>
    limits.transferTerms.includes(termOfStudy(enrolment, today, limits.termStarts))
      ? undefined
      : blocker('outside-grade-window', 'sourceSchool'),
  noOpenIrregularity: ({ openIrregularity }) => (openIrregularity ? blocker('irregularity-open', 'authority') : undefined),
  withinFirstTerms: ({ enrolment }, { today, policy: { limits } }) =>
    limits.changeMajorTerms.includes(termOfStudy(enrolment, today, limits.termStarts))
      ? undefined
      : blocker('outside-first-terms', 'filer'),
  /** 跨专业大类 before the end of the first term, 同一专业大类 before the end of the third (教职成〔2010〕7号). */
  withinCategoryTerms: ({ enrolment }, facts) => {
    if (!is('changeMajor', facts) || enrolment.majorCode === null || SCHOOLS_OWN.includes(facts.details.ground)) return undefined;
    const { otherCategoryTerm, sameCategoryTerm, termStarts } = facts.policy.limits;
    const last = sameCategory(facts.details.majorCode, enrolment.majorCode) ? sameCategoryTerm : otherCategoryTerm;
    return termOfStudy(enrolment, facts.today, termStarts) > last
      ? blocker('outside-category-terms', 'filer', '/details/majorCode')
      : undefined;
  },
  withinSuspendedTotal: ({ suspendedDays = 0 }, facts) => {
    if (!is('suspension', facts) || facts.details.ground === 'military') return undefined;
    const { details, today, policy } = facts;
    const latest = monthsLater(details.effectiveOn ?? today, policy.limits.suspendedMonths);
    return addDays(details.until, suspendedDays) > latest ? blocker('suspended-too-long', 'filer', '/details/until') : undefined;
  },
  withinRepeatShare: ({ source: { repeating } }, { policy }) =>
    repeating && repeating.repeats * 100 > policy.limits.repeatSharePercent * repeating.students
      ? blocker('repeat-share-used-up', 'authority')
      : undefined,
};

/** Not the student's wish, and so bound to no term: the school gave the major up during a suspension, or gives it up now. */
const SCHOOLS_OWN: readonly MajorGround[] = ['resumed', 'adjustment'];

/** The same on what the filer knows. */
export const OPTIONAL_OWN: Readonly<Partial<Record<OptionalRule, OwnRule<Kind>>>> = {
  withinTransferWindow: ({ today, policy }) =>
    inMonths(today, policy.limits.transferMonths) ? undefined : blocker('outside-transfer-window', 'filer'),
  atEndOfYear: ({ today, policy }) => (inMonths(today, policy.limits.repeatMonths) ? undefined : blocker('not-end-of-year', 'filer')),
  withinFirstWeeks: ({ today, policy }) =>
    intoTerm(today, policy.limits.termStarts) < policy.limits.changeMajorDays ? undefined : blocker('outside-change-window', 'filer'),
  /** The term in which the student comes back is the one that begins next, unless the filer names a later day. */
  resumptionNotice: ({ today, policy: { limits }, details: { effectiveOn } }) => {
    const term = termsAround(effectiveOn ?? today, limits.termStarts).find((day) => day >= (effectiveOn ?? today));
    return term !== undefined && addDays(today, limits.resumptionNoticeDays) > term
      ? blocker('resumption-filed-too-late', 'filer', '/details/effectiveOn')
      : undefined;
  },
};

const is = <K extends Kind>(kind: K, facts: Facts): facts is Facts<Kind> & Facts<K> => facts.kind === kind;

/** Of a resumption's placement, which the school gives when it decides: never into an earlier year of intake. */
export const gradeNotEarlier = (grade: string | undefined, before: string) =>
  grade !== undefined && grade < before ? blocker('grade-earlier', 'filer', '/data/grade') : undefined;

/** What a policy that switches it on says of the major in which the destination school places a student: of the same category. */
export const majorSimilar = (majorCode: string | undefined, before: string | null) =>
  majorCode !== undefined && before !== null && !sameCategory(majorCode, before)
    ? blocker('major-not-similar', 'destinationSchool', '/data/majorCode')
    : undefined;

/** 学制和入学条件相同 of a transfer's placement (教职成〔2010〕7号); where the former school filed no offer, the length alone is compared. */
export function lengthAndEntrySame(placed: Study, place: StudyPlace, former: Offer | undefined): Blocker | undefined {
  if (!place.offers) return undefined;
  const offer = offerOf(placed, place);
  return offer && (!former || offer.entry === former.entry)
    ? undefined
    : blocker('length-or-entry-differs', 'destinationSchool', '/data/majorCode');
}
