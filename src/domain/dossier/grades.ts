import type { Kind } from '../procedure/procedure.js';
import { monthsLater } from '../working-days.js';

/** A student's year of intake, and the day on which that intake leaves. */
export interface InGrade {
  readonly grade: string;
  readonly expectedLeavingOn: string;
}

/** How many years of intake a change may move a student by, at least and at most; a later intake is a positive number. */
const REACH: Readonly<Partial<Record<Kind, readonly [least: number, most: number]>>> = {
  repeatYear: [1, 2],
  changeMajor: [0, 2],
  transfer: [-1, 2],
  crossTrackTransfer: [-1, 2],
  // After service in the army, which lasts as long as it lasts.
  resumption: [0, 6],
};

/** The day 'YYYY-MM-DD' on which a student leaves who goes on in another year of intake: so many years later, or earlier. */
export const leavingOnWith = (grade: string, present: InGrade): string =>
  monthsLater(present.expectedLeavingOn, 12 * (Number(grade) - Number(present.grade)));

/**
 * Whether a change of a kind may place a student in a year of intake. It must be near the present one and not have left by `today`. Pure.
 */
export function gradeInReach(kind: Kind, grade: string, present: InGrade, today: string): boolean {
  const [least, most] = REACH[kind] ?? [0, 0];
  const years = Number(grade) - Number(present.grade);
  return years >= least && years <= most && (years >= 0 || leavingOnWith(grade, present) > today);
}
