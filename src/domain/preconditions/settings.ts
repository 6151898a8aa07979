import type { MessageCode } from '../messages/messages.js';
import type { Limits, OptionalRule, Policy } from '../policy/policy.js';
import type { Kind } from '../procedure/procedure.js';
import { OPTIONAL } from './optional.js';

type Limit = keyof Limits;

/** With which limits a rule measures that a policy switches on. */
const MEASURES: Readonly<Record<OptionalRule, readonly Limit[]>> = {
  notUnderOneTerm: ['termDays'],
  notGraduatingGrade: ['graduatingDays'],
  withinTransferWindow: ['transferMonths'],
  enoughStudyRemaining: ['leastRemainingDays'],
  atEndOfYear: ['repeatMonths'],
  withinFirstWeeks: ['changeMajorDays', 'termStarts'],
  businessAfterAYear: ['businessAfterDays'],
  resumptionNotice: ['resumptionNoticeDays', 'termStarts'],
  minorNeedsGuardian: [],
  withinGradeWindow: ['transferTerms', 'termStarts'],
  similarMajor: [],
  sameLengthAndEntry: [],
  noOpenIrregularity: [],
  withinFirstTerms: ['changeMajorTerms', 'termStarts'],
  withinSuspendedTotal: ['suspendedMonths'],
  withinRepeatShare: ['repeatSharePercent'],
  withinCategoryTerms: ['otherCategoryTerm', 'sameCategoryTerm', 'termStarts'],
};

/** The limits that are measured under every policy. */
const LIMIT: Readonly<Partial<Record<MessageCode, Limit>>> = {
  'suspension-too-long': 'suspensionMonths',
  'suspended-too-often': 'suspensions',
  'repeated-too-often': 'repeatYears',
  'suspension-not-expired': 'resumptionGraceDays',
  'suspended-too-short': 'longSuspensionMonths',
};

const OF_KIND: Readonly<Partial<Record<MessageCode, keyof Policy['kinds'][Kind]>>> = {
  'evidence-missing': 'leastEvidence',
  'evidence-item-missing': 'evidence',
  'unknown-evidence-item': 'evidence',
  'too-few-reviewers': 'order',
};

const RULES = Object.entries(OPTIONAL) as [OptionalRule, (typeof OPTIONAL)[OptionalRule]][];

/** By which settings of a policy a reason refuses, as JSON pointers; none when no policy could have it otherwise. */
export function settingsBehind(code: MessageCode, kind: Kind): readonly string[] {
  const [rule] = RULES.find(([, one]) => one.code === code && one.kinds.includes(kind)) ?? [];
  if (rule) return [`/kinds/${kind}/rules`, ...MEASURES[rule].map((limit) => `/limits/${limit}`)];
  if (LIMIT[code]) return [`/limits/${LIMIT[code]}`];
  if (OF_KIND[code]) return [`/kinds/${kind}/${OF_KIND[code]}`];
  return code === 'direction-not-allowed' ? ['/directions'] : [];
}
