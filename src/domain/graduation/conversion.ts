import type { EnrolmentState } from '../dossier/dossier.js';
import type { Policy } from '../policy/policy.js';
import { blocker, type Blocker } from '../refusal.js';
import { monthsLater, type PlainDate } from '../working-days.js';

/** What a conversion 结业→毕业 says: when the assessment was passed, and on which day the school agreed (Art 20, R-25). */
export interface Conversion {
  readonly assessmentPassedOn: PlainDate;
  /** The day of graduation. Left out: the day on which the school's reviewer approves. */
  readonly agreedOn?: PlainDate | null;
}

/** The enrolment that was completed. */
export interface Completed {
  readonly state: EnrolmentState;
  /** 结业日期. */
  readonly completedOn: PlainDate;
  readonly openRequest: boolean;
  readonly openGraduation: boolean;
}

export type ConversionPolicy = Pick<Policy, 'conversionMonths' | 'conversionAfterMonths'>;

/** From which to which day the assessment counts: three years after completion at most, where no province says less (A13). */
export const conversionPeriod = (completedOn: PlainDate, { conversionMonths, conversionAfterMonths }: ConversionPolicy) => ({
  from: monthsLater(completedOn, conversionAfterMonths),
  through: monthsLater(completedOn, conversionMonths),
});

/** Why a conversion can't be filed now; empty when it can. A consent or an entry after the period is no reason: it is late. */
export function conversionBlockers(
  { state, completedOn, openRequest, openGraduation }: Completed,
  { assessmentPassedOn, agreedOn }: Conversion,
  policy: ConversionPolicy,
  today: PlainDate,
): Blocker[] {
  if (state !== 'completed') return [blocker('conversion-not-completed', 'filer')];
  const { from, through } = conversionPeriod(completedOn, policy);
  const found = [
    openRequest && blocker('change-already-open', 'filer'),
    openGraduation && blocker('graduation-already-open', 'filer'),
    assessmentPassedOn > today && blocker('date-in-future', 'filer', '/assessmentPassedOn'),
    assessmentPassedOn < from && blocker('conversion-too-soon', 'filer', '/assessmentPassedOn'),
    assessmentPassedOn > through && blocker('conversion-too-late', 'filer', '/assessmentPassedOn'),
    agreedOn && agreedOn > today && blocker('date-in-future', 'filer', '/agreedOn'),
    agreedOn && agreedOn < assessmentPassedOn && blocker('conversion-agreed-before-passed', 'filer', '/agreedOn'),
  ];
  return found.filter((one) => typeof one === 'object' && one !== null);
}

/** Whether what the school agreed to, or entered, on a day came after the period. It counts, and is recorded as late. */
export const isLateConversion = (completedOn: PlainDate, day: PlainDate, policy: ConversionPolicy): boolean =>
  day > conversionPeriod(completedOn, policy).through;
