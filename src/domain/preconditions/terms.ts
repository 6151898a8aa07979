import { addDays, monthsLater } from '../working-days.js';
import type { AboutEnrolment } from './facts.js';

/** First days of terms from one year to another, in order. */
const termsOf = (from: number, to: number, starts: readonly string[]): string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i)
    .flatMap((year) => starts.map((start) => `${year}-${start}`))
    .sort();
const yearOf = (day: string): number => Number(day.slice(0, 4));

/** First days of terms of the years around a day, in order. */
export const termsAround = (day: string, starts: readonly string[]): string[] => termsOf(yearOf(day) - 1, yearOf(day) + 1, starts);

/** Days since the latest first day of a term. */
export const intoTerm = (today: string, starts: readonly string[]): number => {
  const latest = termsAround(today, starts).findLast((day) => day <= today);
  return latest === undefined ? Infinity : (Date.parse(today) - Date.parse(latest)) / 86_400_000;
};

/** So many days may lie between the first day of a term and the day on which somebody is enrolled for it. */
const REPORTING_DAYS = 31;

/**
 * In which term of study a student is, the first being 1; none before the first term has begun. Who goes on in another year of intake, as
 * by repeating a year, is in the terms of that one.
 */
export function termOfStudy({ enrolledOn, grade }: Pick<AboutEnrolment, 'enrolledOn' | 'grade'>, today: string, starts: readonly string[]) {
  const since = addDays(monthsLater(enrolledOn, 12 * (Number(grade) - yearOf(enrolledOn))), -REPORTING_DAYS);
  return termsOf(yearOf(since), yearOf(today), starts).filter((day) => day >= since && day <= today).length;
}
