import { RUNGS, type Rung } from '../procedure/ladder.js';
import type { Kind, Party } from '../procedure/procedure.js';

/** Preconditions that a policy switches on; all of them are common provincial practice, none is in the regulation (matrix, "C"). */
export const OPTIONAL_RULES = [
  'notUnderOneTerm',
  'notGraduatingGrade',
  'withinTransferWindow',
  'enoughStudyRemaining',
  'atEndOfYear',
  'withinFirstWeeks',
  'businessAfterAYear',
  'resumptionNotice',
  'minorNeedsGuardian',
  'withinGradeWindow',
  'similarMajor',
  'sameLengthAndEntry',
  'noOpenIrregularity',
  'withinFirstTerms',
  'withinSuspendedTotal',
  'withinRepeatShare',
  'withinCategoryTerms',
] as const;
export type OptionalRule = (typeof OPTIONAL_RULES)[number];

/** One document that a filing should carry, in words for the clerk. */
export interface EvidenceItem {
  readonly zh: string;
  readonly en: string;
  /** By which a filing names the file that is this document; it must then be there. Without it the document is only told. */
  readonly id?: string;
  /** It must be there on these grounds only; on every one when left out. */
  readonly grounds?: readonly string[];
}

/** What one kind's policy may set, within the national bounds (A17). */
export interface KindPolicy {
  /** Order of the steps (A1): every party of the procedure once, and those that the province adds. */
  readonly order: readonly Party[];
  /** Both authorities at the same time (A1). */
  readonly parallelAuthorities: boolean;
  readonly workingDays: Readonly<Partial<Record<Party, number>>>;
  /** Whether each step has its working days, or all steps together (A2). */
  readonly deadlineScope: 'each' | 'total';
  /** How many pieces of evidence a filing needs at least (Art 14–16 上传证明材料). */
  readonly leastEvidence: number;
  /** The documents they should be. */
  readonly evidence: readonly EvidenceItem[];
  readonly rules: readonly OptionalRule[];
}

/** Numbers that the preconditions measure with; common practice, each with a national bound (A17). */
export interface Limits {
  /** Days of enrolment before a transfer ("one term"). */
  readonly termDays: number;
  /** Days before the expected leaving day from which a student is in the graduating grade. */
  readonly graduatingDays: number;
  /** Months of the year in which transfers are filed. */
  readonly transferMonths: readonly number[];
  /** Terms of study, the first being 1, in which a student is transferred. */
  readonly transferTerms: readonly number[];
  /** Months of the year in which a year is repeated. */
  readonly repeatMonths: readonly number[];
  /** Days of a term within which a major is changed. */
  readonly changeMajorDays: number;
  /** Terms of study in which a major is changed. */
  readonly changeMajorTerms: readonly number[];
  /** The last term of study in which a major of another category is taken, and the last for one of the same category. */
  readonly otherCategoryTerm: number;
  readonly sameCategoryTerm: number;
  /** First days of terms, month and day 'MM-DD'. */
  readonly termStarts: readonly string[];
  /** How many days before or after the province's day a school may begin a term (A12). */
  readonly termShiftDays: number;
  /** Days of study that a student who comes from an ordinary school must still have before the expected leaving day. */
  readonly leastRemainingDays: number;
  readonly repeatYears: number;
  /** Of a hundred students of a school, how many may repeat a year in one calendar year. */
  readonly repeatSharePercent: number;
  /** Longest single suspension, in months; service in the army lasts as long as it lasts. */
  readonly suspensionMonths: number;
  readonly suspensions: number;
  /** All suspensions together, in months, but for service in the army. */
  readonly suspendedMonths: number;
  /** Months of suspension without a break after which a student may be withdrawn. */
  readonly longSuspensionMonths: number;
  /** Days of enrolment before a suspension to start a business. */
  readonly businessAfterDays: number;
  /** Days before the first day of a term by which a resumption is filed. */
  readonly resumptionNoticeDays: number;
  /** Days before the end of a suspension on which the school is reminded to file the resumption. */
  readonly resumptionReminderDays: number;
  /** Days after its end until an unreturned student is dealt with. */
  readonly resumptionGraceDays: number;
}

/** A province's rules, effective-dated; a case keeps the policy of the day it was filed. */
export interface Policy {
  readonly id: string;
  readonly version: number;
  readonly kinds: Readonly<Record<Kind, KindPolicy>>;
  readonly limits: Limits;
  /** Allowed directions of a cross-track transfer (A14). */
  readonly directions: readonly ('toVocational' | 'toOrdinary')[];
  /** Who decides besides when a death was not a natural one: reported up to the province in some places. */
  readonly unnaturalDeath: readonly Party[];
  /** What an expired suspension leads to: the school is reminded, or ordered to file the withdrawal. */
  readonly expiredSuspension: 'remind' | 'orderWithdrawal';
  /**
   * Working days from the receipt of a proof within which the school starts the correction; later is accepted and marked (Art 16, R-20).
   */
  readonly proofWorkingDays: number;
  /** Working days from reporting within which the school builds the record; later is accepted and marked (Art 6, R-05). */
  readonly registerWorkingDays: number;
  /** Working days from a term's first day within which the school registers its students; later is accepted and marked (Art 13, R-15). */
  readonly termRegistrationWorkingDays: number;
  /** Working days before the end of that period at which the school is reminded. */
  readonly termReminderWorkingDays: number;
  /**
   * Working days within which the school itself takes a registration back, from the end of that period or from a later registration. Then
   * its competent authority does (A20).
   */
  readonly termRetractionWorkingDays: number;
  /** Working days before a student's leaving day within which its graduation is completed (Art 18, R-23). */
  readonly graduationWorkingDays: number;
  /** Whether the competent authority reviews a graduation after the school has. */
  readonly graduationAuthorityReview: boolean;
  /** Days before the expected leaving day from which a student may leave with the class. */
  readonly earlyLeavingDays: number;
  /** Months before the expected leaving day from which a student who enlists may graduate 提前毕业. */
  readonly earlyGraduationMonths: number;
  /** Months of study after which a student who leaves early has studied without completing 肄业. */
  readonly discontinuedMonths: number;
  /** Months after a completion 结业 within which the assessment is passed that makes it a graduation (Art 20, R-25, A13). */
  readonly conversionMonths: number;
  /** Months after a completion before which no assessment is taken anew. */
  readonly conversionAfterMonths: number;
  /** Whether both provinces decide on a transfer between them before it takes effect, beside being notified of it (A3). */
  readonly filing: { readonly blocking: boolean };
  readonly supplementWorkingDays: number;
  readonly leastRemainingWorkingDays: number;
  /** Working days until a claim lapses by itself. */
  readonly claimWorkingDays: number;
  readonly remindBefore: readonly number[];
  readonly escalate: { readonly after: number; readonly every: number };
  /** Which superiors of the holder an overdue task is shown to, one after the other (A4). */
  readonly escalateTo: readonly Rung[];
  /** How many days back `effectiveOn` may lie (A20). */
  readonly effectiveDaysBack: number;
  /** After so many months without an act an open request is stale. It is shown and notified as such, and never closed by itself (A4). */
  readonly stale: { readonly afterMonths: number; readonly action: 'notify' };
  /** Who keeps the dossiers of a closed school's leavers (Art 12, A25): its competent authority, or an organisation by its id. */
  readonly custodian: 'authority' | (string & {});
  /** What a new record must say besides identity and study 学籍登记必填项; common practice, and nothing by the regulation. */
  readonly requiredRecord: readonly string[];
}

const kind = (order: readonly Party[], rules: readonly OptionalRule[] = [], evidence: readonly EvidenceItem[] = []): KindPolicy => ({
  order,
  parallelAuthorities: false,
  workingDays: {},
  deadlineScope: 'each',
  leastEvidence: 1,
  evidence,
  rules,
});
const inSequence = (evidence: EvidenceItem, rules: readonly OptionalRule[] = [], more: readonly EvidenceItem[] = []): KindPolicy =>
  kind(['school', 'authority'], rules, [evidence, ...more]);

const FORM: EvidenceItem = { zh: '转学申请表', en: 'transfer application form' };

/**
 * The first national default: the listed order of Art 14 (A1), 10 working days each (A2), ladder of A4, clocks of A9. The conditions of
 * the parent measures 教职成〔2010〕7号 are on, as provinces quote them. Once it is released none of its values changes any more.
 */
const FIRST_DEFAULT: Policy = {
  id: 'national',
  version: 1,
  kinds: {
    transfer: kind(
      ['sourceSchool', 'destinationSchool', 'sourceAuthority', 'destinationAuthority'],
      ['notUnderOneTerm', 'notGraduatingGrade', 'sameLengthAndEntry'],
      [FORM],
    ),
    crossTrackTransfer: kind(
      ['destinationSchool', 'sourceSchool', 'destinationAuthority', 'sourceAuthority'],
      ['notUnderOneTerm', 'notGraduatingGrade', 'enoughStudyRemaining'],
      [FORM],
    ),
    repeatYear: inSequence({ zh: '留级申请表', en: 'application to repeat the year' }),
    changeMajor: inSequence({ zh: '转专业申请表', en: 'application to change the major' }, ['notGraduatingGrade', 'withinCategoryTerms']),
    changeStudyMode: inSequence({ zh: '转学习形式申请表', en: 'application to change the study mode' }),
    suspension: inSequence({
      zh: '休学申请及证明（医院证明、入伍通知书等）',
      en: 'application with proof (hospital, enlistment notice …)',
    }),
    resumption: inSequence({ zh: '复学申请及证明（健康证明、退役证等）', en: 'application with proof (health, discharge …)' }),
    withdrawal: inSequence(
      { zh: '退学申请（学生和监护人签字）或学校处理决定', en: "application signed by student and guardian, or the school's decision" },
      ['minorNeedsGuardian'],
      [{ id: 'expulsionDecision', grounds: ['expulsion'], zh: '开除学籍处分决定', en: 'decision of the expulsion' }],
    ),
    deregistration: inSequence({ zh: '有关部门证明文件', en: 'document of the competent body' }),
    death: inSequence({ zh: '死亡证明', en: 'death certificate' }),
    infoCorrection: inSequence({ zh: '户籍或证件变更证明', en: 'proof of the change of register or document' }),
    studyCorrection: inSequence({ zh: '原始录取或学籍材料', en: 'original documents of the admission or enrolment' }),
    registrationException: inSequence({ zh: '身份与就读证明材料', en: 'proof of identity and attendance' }),
    reinstatement: inSequence({ zh: '误办情况说明及证明', en: 'statement and proof of the mistake' }),
  },
  limits: {
    termDays: 140,
    graduatingDays: 365,
    transferMonths: [1, 2, 7, 8],
    transferTerms: [2, 3],
    repeatMonths: [6, 7, 8, 9],
    changeMajorDays: 14,
    changeMajorTerms: [1, 2],
    otherCategoryTerm: 1,
    sameCategoryTerm: 3,
    termStarts: ['02-20', '09-01'],
    termShiftDays: 14,
    leastRemainingDays: 548,
    repeatYears: 1,
    repeatSharePercent: 5,
    suspensionMonths: 12,
    suspensions: 2,
    suspendedMonths: 24,
    longSuspensionMonths: 24,
    businessAfterDays: 365,
    resumptionNoticeDays: 30,
    resumptionReminderDays: 30,
    resumptionGraceDays: 14,
  },
  directions: ['toVocational', 'toOrdinary'],
  unnaturalDeath: [],
  expiredSuspension: 'remind',
  proofWorkingDays: 10,
  registerWorkingDays: 20,
  termRegistrationWorkingDays: 20,
  termReminderWorkingDays: 5,
  termRetractionWorkingDays: 20,
  graduationWorkingDays: 20,
  graduationAuthorityReview: false,
  earlyLeavingDays: 92,
  earlyGraduationMonths: 12,
  discontinuedMonths: 12,
  conversionMonths: 36,
  conversionAfterMonths: 0,
  filing: { blocking: false },
  supplementWorkingDays: 10,
  leastRemainingWorkingDays: 3,
  claimWorkingDays: 2,
  remindBefore: [3, 1],
  escalate: { after: 1, every: 5 },
  escalateTo: RUNGS,
  effectiveDaysBack: 365,
  stale: { afterMonths: 6, action: 'notify' },
  custodian: 'authority',
  requiredRecord: [],
};

/** A national default and its first day. */
export interface NationalDefault {
  readonly policy: Policy;
  readonly effectiveFrom: string;
}

/**
 * Every national default that was ever released, oldest first; to change it, add one of the next version from a day on. The regulation
 * took effect on the day it was issued. A case keeps the version that it was filed under.
 */
export const NATIONAL_DEFAULTS: readonly [NationalDefault, ...NationalDefault[]] = [{ policy: FIRST_DEFAULT, effectiveFrom: '2014-11-15' }];

/** The latest: what a pack that is drafted now inherits. */
export const NATIONAL_DEFAULT: Policy = (NATIONAL_DEFAULTS.at(-1) ?? NATIONAL_DEFAULTS[0]).policy;
