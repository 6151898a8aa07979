import { statutoryName } from '../statutory-days.js';
import { addDays, dayOfWeek, isWorkingDay, workingDaysBetween, type PlainDate, type WorkingCalendar } from '../working-days.js';

/** One visit of a step, or the supplement between two: from its arrival to the day it ended. */
export interface Segment {
  readonly arrivedOn: PlainDate;
  /** Undefined while it is open. */
  readonly endedOn?: PlainDate;
}

/**
 * The reason why a date counts or not: worked, a day off worked 调休, the day of arrival (A7), or between two visits (A9). Of the weekdays
 * off, `statutory` are those of the standing decree, and `holiday` those that a notice adds.
 */
export type DayKind = 'arrival' | 'counted' | 'makeUp' | 'statutory' | 'holiday' | 'weekend' | 'paused';

export interface CountedDay {
  readonly date: PlainDate;
  readonly kind: DayKind;
  /** Of a `statutory` day, the festival. */
  readonly festival?: string;
  /** Nothing is announced for the date yet, so a notice may still move it. */
  readonly provisional?: true;
  /** Of the working days consumed so far over all visits, this is the n-th; only on days that count. */
  readonly nth?: number;
}

/** Working days that a visit has consumed up to `today`, or up to its end. */
export const consumedBy = (calendar: WorkingCalendar, { arrivedOn, endedOn }: Segment, today: PlainDate): number =>
  workingDaysBetween(calendar, arrivedOn, endedOn ?? today);

/**
 * Every date from the first visit's arrival to `through`, with the reason why it counts or not. Dates between two visits are `paused`; the
 * day on which a visit ended still counts.
 */
export function countedDays(calendar: WorkingCalendar, visits: readonly Segment[], through: PlainDate): CountedDay[] {
  const days: CountedDay[] = [];
  const arrivals = new Set(visits.map(({ arrivedOn }) => arrivedOn));
  let nth = 0;
  for (let date = visits[0]?.arrivedOn ?? through; date <= through; date = addDays(date, 1)) {
    const runs = visits.some(({ arrivedOn, endedOn }) => arrivedOn < date && (endedOn === undefined || date <= endedOn));
    const kind = runs ? kindOf(calendar, date) : arrivals.has(date) ? 'arrival' : 'paused';
    const counts = kind === 'counted' || kind === 'makeUp';
    if (counts) nth += 1;
    days.push({
      date,
      kind,
      ...(counts ? { nth } : {}),
      ...(kind === 'statutory' ? { festival: statutoryName(date) } : {}),
      ...(date > calendar.publishedThrough ? { provisional: true } : {}),
    });
  }
  return days;
}

function kindOf(calendar: WorkingCalendar, date: PlainDate): DayKind {
  const weekend = dayOfWeek(date) % 6 === 0;
  if (isWorkingDay(calendar, date)) return weekend ? 'makeUp' : 'counted';
  if (weekend) return 'weekend';
  return statutoryName(date) === undefined ? 'holiday' : 'statutory';
}
