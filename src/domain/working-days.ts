/**
 * Working days (工作日) of the People's Republic of China, in Asia/Shanghai: arithmetic on dates over a calendar that is data (A7).
 * No answer depends on a locale or on the machine's time zone. Only `monthsLater` uses `Date`, in UTC.
 */
import { dayNumber, plainDate, weekday, type PlainDate } from './day-numbers.js';
import { statutoryDay } from './statutory-days.js';

export type { PlainDate };

/** A day that a notice of the State Council or of a province moves: a weekday off, or a day off worked. It stands above the decree. */
export type CalendarException = { date: PlainDate; kind: 'holiday' | 'makeupWorkday' };

/** One version of the calendar. A day without an exception is worked from Monday to Friday, unless the standing decree has it off. */
export interface WorkingCalendar {
  readonly version: number;
  readonly exceptions: ReadonlyMap<PlainDate, 'holiday' | 'makeupWorkday'>;
  /** The last day of the last year whose days are announced. Later days follow from the weekday and the standing decree alone. */
  readonly publishedThrough: PlainDate;
}

/** The calendars in force: the nation's, and by province those that add days of their own to it. */
export interface WorkingCalendars {
  readonly national: WorkingCalendar;
  readonly ofProvince: ReadonlyMap<string, WorkingCalendar>;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Asia/Shanghai is UTC+8; its last summer time ended in September 1991, before any date that a deadline can touch. */
const SHANGHAI = 8 * HOUR;

/** Of two exceptions on one date the later in the list holds, so an amendment can follow what it amends. */
export function workingCalendar(version: number, exceptions: Iterable<CalendarException>, publishedThrough: PlainDate): WorkingCalendar {
  const byDate = new Map<PlainDate, 'holiday' | 'makeupWorkday'>();
  for (const { date, kind } of exceptions) byDate.set(date, kind);
  return { version, exceptions: byDate, publishedThrough };
}

/** The calendar that a task's days are counted by: that of its holder's province, which stands in its ladder or holds the task itself. */
export function calendarFor(
  { national, ofProvince }: WorkingCalendars,
  task: { holder: string; ladder: readonly string[] },
): WorkingCalendar {
  for (const id of [task.holder, ...task.ladder]) {
    const provincial = ofProvince.get(id);
    if (provincial) return provincial;
  }
  return national;
}

/** One calendar for everybody. */
export const nationwide = (national: WorkingCalendar): WorkingCalendars => ({ national, ofProvince: new Map() });

export function isWorkingDay(calendar: WorkingCalendar, date: PlainDate): boolean {
  return isWorked(exceptionsByDay(calendar), dayNumber(date));
}

/**
 * The n-th working day after `from`: `from` itself never counts (A7), and n = 0 gives `from`.
 * `provisional` says that the span runs past `publishedThrough`. Throws RangeError when n is negative or no integer.
 */
export function addWorkingDays(calendar: WorkingCalendar, from: PlainDate, n: number): { date: PlainDate; provisional: boolean } {
  const date = nthWorkingDay(calendar, from, n, 1);
  return { date, provisional: date > calendar.publishedThrough };
}

/** The n-th working day before `date`; n = 0 gives `date`. Throws RangeError when n is negative or no integer. */
export function subtractWorkingDays(calendar: WorkingCalendar, date: PlainDate, n: number): PlainDate {
  return nthWorkingDay(calendar, date, n, -1);
}

/** How many working days d with from < d <= to; 0 when `to` is not after `from`. */
export function workingDaysBetween(calendar: WorkingCalendar, from: PlainDate, to: PlainDate): number {
  const exceptions = exceptionsByDay(calendar);
  const last = dayNumber(to);
  let count = 0;
  for (let day = dayNumber(from) + 1; day <= last; day++) if (isWorked(exceptions, day)) count++;
  return count;
}

/** The date n days later; earlier when n is negative. */
export function addDays(date: PlainDate, n: number): PlainDate {
  return plainDate(dayNumber(date) + n);
}

/** Days from one date to another; negative when the other comes first. */
export function daysBetween(from: PlainDate, to: PlainDate): number {
  return dayNumber(to) - dayNumber(from);
}

/** 0 = Sunday … 6 = Saturday. */
export function dayOfWeek(date: PlainDate): number {
  return weekday(dayNumber(date));
}

/** The date in Asia/Shanghai of an instant in epoch milliseconds. */
export function dateOf(epochMs: number): PlainDate {
  return plainDate(Math.floor((epochMs + SHANGHAI) / DAY));
}

/** The instant, in epoch milliseconds, at which a Shanghai date begins, or its given hour and minute. */
export function instantOf(date: PlainDate, hour = 0, minute = 0): number {
  return dayNumber(date) * DAY - SHANGHAI + hour * HOUR + minute * MINUTE;
}

/** The text as a date, or undefined unless it has exactly the form YYYY-MM-DD and names a day that exists. */
export function parsePlainDate(text: string): PlainDate | undefined {
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text)) return undefined;
  return plainDate(dayNumber(text)) === text ? text : undefined;
}

function nthWorkingDay(calendar: WorkingCalendar, from: PlainDate, n: number, direction: 1 | -1): PlainDate {
  if (!Number.isInteger(n) || n < 0) throw new RangeError(`a number of working days is a whole number from 0: ${n}`);
  const exceptions = exceptionsByDay(calendar);
  let day = dayNumber(from);
  for (let left = n; left > 0;) {
    day += direction;
    if (isWorked(exceptions, day)) left--;
  }
  return plainDate(day);
}

/** Whether a day is worked, for the day numbers of the exceptions: counting compares numbers and builds no text. */
type ExceptionsByDay = ReadonlyMap<number, boolean>;

/** Derived once from each calendar, which is never changed: an amendment is another calendar with another version. */
const derived = new WeakMap<WorkingCalendar, ExceptionsByDay>();

function exceptionsByDay(calendar: WorkingCalendar): ExceptionsByDay {
  let byDay = derived.get(calendar);
  if (byDay === undefined) {
    byDay = new Map([...calendar.exceptions].map(([date, kind]) => [dayNumber(date), kind === 'makeupWorkday']));
    derived.set(calendar, byDay);
  }
  return byDay;
}

function isWorked(exceptions: ExceptionsByDay, day: number): boolean {
  const ofWeek = weekday(day);
  return exceptions.get(day) ?? (ofWeek !== 0 && ofWeek !== 6 && statutoryDay(day) === undefined);
}

/** The same day so many months later, or that month's last when it has no such day. */
export function monthsLater(date: PlainDate, months: number): PlainDate {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
  const lastDay = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + months, Math.min(day, lastDay))).toISOString().slice(0, 10);
}
