/** Dates as numbers: the arithmetic below working days, which compares numbers and builds no text. */

/** A calendar date 'YYYY-MM-DD' in Asia/Shanghai. */
export type PlainDate = string;

/** 1970-01-01, day number 0, was a Thursday. */
const WEEKDAY_OF_DAY_ZERO = 4;

/** 0 = Sunday … 6 = Saturday. */
export function weekday(day: number): number {
  return (((day + WEEKDAY_OF_DAY_ZERO) % 7) + 7) % 7;
}

/*
 * Day number ↔ civil date in the proleptic Gregorian calendar, day 0 = 1970-01-01. Years are counted from March, so that the leap day
 * is the last day of its year; a cycle of 400 years has 146,097 days, and 719,468 days lie between 0000-03-01 and 1970-01-01.
 */

export function dayNumber(date: PlainDate): number {
  const month = Number(date.slice(5, 7));
  const year = Number(date.slice(0, 4)) - (month <= 2 ? 1 : 0);
  const monthFromMarch = (month + 9) % 12;
  const dayOfYear = Math.floor((153 * monthFromMarch + 2) / 5) + Number(date.slice(8, 10)) - 1;
  return 365 * year + leapDays(year) + dayOfYear - 719_468;
}

function leapDays(year: number): number {
  return Math.floor(year / 4) - Math.floor(year / 100) + Math.floor(year / 400);
}

export function plainDate(dayNumberOfDate: number): PlainDate {
  const day = dayNumberOfDate + 719_468;
  const cycle = Math.floor(day / 146_097);
  const dayOfCycle = day - cycle * 146_097;
  const yearOfCycle = Math.floor(
    (dayOfCycle - Math.floor(dayOfCycle / 1460) + Math.floor(dayOfCycle / 36_524) - Math.floor(dayOfCycle / 146_096)) / 365,
  );
  const dayOfYear = dayOfCycle - (365 * yearOfCycle + leapDays(yearOfCycle));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const year = cycle * 400 + yearOfCycle + (month <= 2 ? 1 : 0);
  return `${String(year).padStart(4, '0')}-${twoDigits(month)}-${twoDigits(dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1)}`;
}

function twoDigits(n: number): string {
  return n < 10 ? `0${n}` : String(n);
}
