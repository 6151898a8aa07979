import type { EnrolmentState } from '../dossier/dossier.js';

/**
 * With what a student leaves (Art 18, R-01, R-23): 毕业, 结业 or 转段 with the class, or 肄业 where the study was left before its end. What
 * each makes of the enrolment is final, and only a correction of personal information is possible after it.
 */
export const LEAVING_OUTCOMES = ['graduated', 'completed', 'advanced', 'discontinued'] as const;
export type LeavingOutcome = (typeof LEAVING_OUTCOMES)[number];

/** The state in which the enrolment is after a leaving. 肄业 ends the study at the school as a withdrawal does (A10). */
export const LEAVES_IN: Readonly<Record<LeavingOutcome, EnrolmentState>> = {
  graduated: 'graduated',
  completed: 'completed',
  advanced: 'advanced',
  discontinued: 'withdrawn',
};

/** 提前毕业: why a student may leave before the class does. */
export const EARLY_GROUNDS = ['enlistment'] as const;
export type EarlyGround = (typeof EARLY_GROUNDS)[number];
