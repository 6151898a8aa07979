import { dayNumber, plainDate, type PlainDate } from './day-numbers.js';
import { FESTIVALS } from './festivals.js';

/** A day off for everybody by the standing decree 全国年节及纪念日放假办法, whatever the notice of its year moves beside it. */
export interface StatutoryDay {
  readonly date: PlainDate;
  /** Of two festivals on one day, both. @example 国庆节、中秋 */
  readonly name: string;
}

/** The decree as amended on 10 November 2024: from 2025 on it gives the eve of the Spring Festival and 2 May too. */
const AMENDED_FROM = 2025;

/** Each festival with its first day and its number of days. */
function decreed(
  year: number,
  [spring = '', qingming = '', dragonBoat = '', midAutumn = '']: readonly string[],
): [string, number, number][] {
  const day = (monthDay: string): number => dayNumber(`${year}-${monthDay.slice(0, 2)}-${monthDay.slice(2)}`);
  const more = year >= AMENDED_FROM ? 1 : 0;
  return [
    ['元旦', day('0101'), 1],
    ['春节', day(spring) - more, 3 + more],
    ['清明', day(qingming), 1],
    ['劳动节', day('0501'), 1 + more],
    ['端午', day(dragonBoat), 1],
    ['国庆节', day('1001'), 3],
    ['中秋', day(midAutumn), 1],
  ];
}

function namesByDay(): Map<number, string> {
  const names = new Map<number, string>();
  for (const line of FESTIVALS.split(',')) {
    const [year, ...days] = line.trim().split(' ');
    for (const [name, first, length] of decreed(Number(year), days))
      for (let day = first; day < first + length; day++) names.set(day, names.has(day) ? `${names.get(day)}、${name}` : name);
  }
  return names;
}

let known: ReadonlyMap<number, string> | undefined;
/** Derived at the first use from a table, so that every process and every version of Node says the same. */
const byDay = (): ReadonlyMap<number, string> => (known ??= namesByDay());

/** The festival of a day number, or undefined when the decree does not have the day off. */
export const statutoryDay = (day: number): string | undefined => byDay().get(day);

/** The festival of a date, or undefined when the decree does not have the date off. */
export const statutoryName = (date: PlainDate): string | undefined => statutoryDay(dayNumber(date));

/** All days of the decree from 1900 to 2201, in order. Dates of the product end with 2200, and a count may run a year further. */
export const statutoryDays = (): StatutoryDay[] =>
  [...byDay()].sort(([a], [b]) => a - b).map(([day, name]) => ({ date: plainDate(day), name }));
