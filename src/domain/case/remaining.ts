import { workingDaysBetween, type PlainDate, type WorkingCalendar } from '../working-days.js';

/** The days after one date, to another with it. */
export type Span = readonly [after: PlainDate, through: PlainDate];

/**
 * What a visit's working days follow from where some were used before it (A9). In dates, so that they are counted by the calendar in force
 * whenever somebody asks, as the deadline is (A8).
 */
export interface Budget {
  /** So many working days the visit has in any case. */
  readonly least: number;
  /**
   * The days of the holder's own, and where policy counts those of all steps together (A2) these too: what is left of the fewest counts.
   */
  readonly limits: readonly { readonly workingDays: number; readonly used: readonly Span[] }[];
  /** So many more, by an operator. */
  readonly extended?: number;
}

/** A visit's working days as they were when it opened, with what they follow from unless none were used before it. */
export interface Allowance {
  readonly workingDays: number;
  readonly budget?: Budget;
}

/** The working days of a visit by a calendar: `remaining_days` in SQL counts the same. */
export function workingDaysOf(calendar: WorkingCalendar, { workingDays, budget }: Allowance): number {
  if (!budget) return workingDays;
  const left = budget.limits.map((limit) => limit.workingDays - used(calendar, limit.used));
  return Math.max(budget.least, Math.min(...left)) + (budget.extended ?? 0);
}

const used = (calendar: WorkingCalendar, spans: readonly Span[]): number =>
  spans.reduce((sum, [after, through]) => sum + workingDaysBetween(calendar, after, through), 0);

/** A visit with so many working days more. */
export const extendedBy = <T extends Allowance>(visit: T, days: number): T => ({
  ...visit,
  workingDays: visit.workingDays + days,
  ...(visit.budget ? { budget: { ...visit.budget, extended: (visit.budget.extended ?? 0) + days } } : {}),
});
