import { addDays, dayOfWeek, daysBetween, parsePlainDate, type PlainDate } from '../domain/working-days.js';

/** A day that differs from Monday to Friday. */
export interface AnnouncedDay {
  readonly date: PlainDate;
  readonly kind: 'holiday' | 'makeupWorkday';
  readonly name: string;
}

/** A span off as the announcement names it, weekends included. */
export interface Festival {
  readonly name: string;
  readonly from: PlainDate;
  readonly to: PlainDate;
}

/** What could not be read for certain; `text` is the passage. A person looks at it before anything is drafted. */
export interface Doubt {
  readonly code:
    | 'wrong-weekday'
    | 'wrong-number-of-days'
    | 'no-such-date'
    | 'not-understood'
    | 'nothing-to-extend'
    | 'weekday-worked-anyway'
    | 'out-of-range';
  readonly text: string;
}

export interface HolidayAnnouncement {
  /** The year in its title; undefined when none is named. */
  readonly year?: number;
  /** Its number, such as 国办发明电〔2025〕7号. */
  readonly number?: string;
  readonly festivals: readonly Festival[];
  readonly days: readonly AnnouncedDay[];
  readonly doubts: readonly Doubt[];
}

const WEEKDAYS = '日一二三四五六';
/** 2月14日, 2026年2月14日, or 14日 after a month was named; beside it, in brackets, the weekday and the lunar day. */
const DATE = String.raw`(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日(?:\(([^)]*)\))?`;
const RANGE = new RegExp(`${DATE}(?:至|到|-|—|－|~)${DATE}`, 'g');
const SINGLE = new RegExp(DATE, 'g');

/** The longest span off that is believed; the longest ever named was of eleven days. */
const LONGEST_SPAN = 366;
/** The most spans that one announcement may name, whatever its length: a year has seven festivals. */
const MOST_SPANS = 60;
/** A person reads the doubts; more of them say no more. */
const MOST_DOUBTS = 50;
const LONGEST_PASSAGE = 100;
/** A year of which an announcement can speak. */
const isNear = (year: number): boolean => year >= 1990 && year <= 2200;

/** Reads dates by those before them. A bare day lies in the month named last, a bare month in the year named last. */
class Reader {
  readonly festivals: Festival[] = [];
  readonly days = new Map<PlainDate, AnnouncedDay>();
  readonly doubts: Doubt[] = [];
  private month = 1;
  private year: number;

  constructor(
    private readonly ofYear: number,
    base: readonly AnnouncedDay[],
  ) {
    this.year = ofYear;
    for (const day of base) this.days.set(day.date, day);
  }

  private doubt(code: Doubt['code'], text: string): void {
    if (this.doubts.length < MOST_DOUBTS) this.doubts.push({ code, text: text.slice(0, LONGEST_PASSAGE) });
  }

  /** `一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。` */
  item(name: string, text: string): void {
    [this.year, this.month] = [this.ofYear, 1];
    for (const clause of text.split(/[。；;]/).filter((part) => part.trim() !== '')) this.clause(name, clause);
  }

  private clause(name: string, clause: string): void {
    const extended = /延长.*?假期至(.*)$/.exec(clause);
    const parts = partsOf(clause);
    let understood = false;
    let off: [PlainDate, PlainDate] | undefined;
    let pending = '';
    for (const part of parts) {
      pending = pending ? `${pending},${part}` : part;
      if (/共\d+天/.test(part)) this.checkLength(off, part);
      else if (extended && part.includes('假期至')) understood = this.extend(name, part.slice(part.indexOf('假期至') + 3)) || understood;
      else if (/起.*上班/.test(part))
        understood = true; // the day after the holidays is worked as any other
      else if (/上班/.test(part)) understood = this.work(name, pending) || understood;
      else if (/放假|补休|调休|休息/.test(part)) {
        off = this.rest(name, pending) ?? off;
        understood = off !== undefined || understood;
      } else continue;
      pending = '';
    }
    if (!understood && /\d日/.test(clause)) this.doubt('not-understood', clause.trim());
  }

  private rest(name: string, text: string): [PlainDate, PlainDate] | undefined {
    let last: [PlainDate, PlainDate] | undefined;
    const singles = text.replace(RANGE, (whole: string, ...found: string[]) => {
      const [from, to] = [this.dateOf(found.slice(0, 4), whole), this.dateOf(found.slice(4, 8), whole)];
      if (from && to && from <= to) last = this.off(name, from, to);
      else if (from && to) this.doubt('no-such-date', whole);
      return '';
    });
    for (const found of singles.matchAll(SINGLE)) {
      const date = this.dateOf(found.slice(1, 5), found[0]);
      if (date) last = this.off(name, date, date);
    }
    return last;
  }

  /** Without a span when it is none that an announcement of this year can mean: its days are never walked through then. */
  private off(name: string, from: PlainDate, to: PlainDate): [PlainDate, PlainDate] | undefined {
    const near = [from, to].every((date) => Math.abs(Number(date.slice(0, 4)) - this.ofYear) <= 1);
    if (!near || to > addDays(from, LONGEST_SPAN) || this.festivals.length >= MOST_SPANS) {
      this.doubt('out-of-range', `${from} — ${to}`);
      return undefined;
    }
    this.festivals.push({ name, from, to });
    for (let date = from; date <= to; date = addDays(date, 1)) {
      if (isWeekend(date)) this.days.delete(date);
      else this.days.set(date, { date, kind: 'holiday', name });
    }
    return [from, to];
  }

  private work(name: string, text: string): boolean {
    let found = false;
    for (const match of text.matchAll(SINGLE)) {
      const date = this.dateOf(match.slice(1, 5), match[0]);
      if (!date) continue;
      found = true;
      if (isWeekend(date)) this.days.set(date, { date, kind: 'makeupWorkday', name });
      else this.doubt('weekday-worked-anyway', match[0]);
    }
    return found;
  }

  /** `延长2020年春节假期至2月2日`: from the day after the festival's last day off in the calendar in force. */
  private extend(name: string, text: string): boolean {
    const found = SINGLE.exec(text);
    SINGLE.lastIndex = 0;
    const to = found && this.dateOf(found.slice(1, 5), found[0]);
    if (!to) return false;
    if (this.festivals.length >= MOST_SPANS) return false;
    const before = [...this.days.values()]
      .filter((day) => day.name === name && day.kind === 'holiday' && day.date < to)
      .map(({ date }) => date);
    const last = before.sort().at(-1);
    if (last) this.off(name, addDays(last, 1), to);
    else this.doubt('nothing-to-extend', text.trim());
    return true;
  }

  private dateOf([year, month, day, beside]: (string | undefined)[], text: string): PlainDate | undefined {
    if (year) this.year = Number(year);
    else if (month && Number(month) === 1 && this.year < this.ofYear) this.year = this.ofYear; // 2022年12月31日至1月2日
    if (month) this.month = Number(month);
    const two = (n: number) => String(n).padStart(2, '0');
    const date = parsePlainDate(`${this.year}-${two(this.month)}-${two(Number(day))}`);
    if (!date) this.doubt('no-such-date', text);
    const weekday = /(?:周|星期)([日一二三四五六天])/.exec(beside ?? '')?.[1]?.replace('天', '日');
    if (date && weekday && WEEKDAYS[dayOfWeek(date)] !== weekday) this.doubt('wrong-weekday', text);
    return date;
  }

  private checkLength(off: [PlainDate, PlainDate] | undefined, part: string): void {
    const said = Number(/共(\d+)天/.exec(part)?.[1]);
    const length = off && daysBetween(...off) + 1;
    if (off && length !== said) this.doubt('wrong-number-of-days', part.trim());
  }
}

/** Splits a clause at its commas, those within brackets apart; from its end, so that each character is looked at once. */
function partsOf(clause: string): string[] {
  const parts: string[] = [];
  let [end, bracketed] = [clause.length, false];
  for (let at = clause.length - 1; at >= 0; at -= 1) {
    const one = clause.charAt(at);
    if (one === ')' || one === '(') bracketed = one === ')';
    if (bracketed || !/[,、]/.test(one)) continue;
    parts.push(clause.slice(at + 1, end));
    end = at;
  }
  return [clause.slice(0, end), ...parts.reverse()];
}

const isWeekend = (date: PlainDate): boolean => dayOfWeek(date) % 6 === 0;

/** Half-width digits and brackets, no spaces, each numbered item on its own line: the same announcement is pasted from many pages. */
const plain = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/[^\S\n]/g, '')
    .replace(/(?<=[。;])(?=[一二三四五六七八九十]+、)/g, '\n');

const ITEM = /^(?:[一二三四五六七八九十]+|\d+)[.、]([^:\n]{1,30}):(.*)$/;

/**
 * Reads an announcement of the State Council's General Office (国务院办公厅关于…年部分节假日安排的通知), or one that extends a holiday, into the days that
 * differ from Monday to Friday. `base` are the days in force, whose year an extension builds on; a yearly announcement replaces its year.
 * Pure; what it is not sure of it says.
 */
export function readAnnouncement(text: string, base: readonly AnnouncedDay[]): HolidayAnnouncement {
  const lines = plain(text)
    .split('\n')
    .filter((line) => line !== '');
  const whole = lines.join('\n');
  const number = /[\u4e00-\u9fff]{2,12}[〔[(]\d{4}[〕\])]\d+号/.exec(whole)?.[0].replace(/[[(]/, '〔').replace(/[\])]/, '〕');
  const year = Number(/(\d{4})年[^月]{0,20}(?:节假日|假期)/.exec(whole)?.[1]); // its title may be broken into lines; a date is no title
  if (!isNear(year))
    return { number, festivals: [], days: [], doubts: [{ code: 'not-understood', text: (lines[0] ?? '').slice(0, LONGEST_PASSAGE) }] };
  const extended = /延长(?:\d{4}年)?([^,。\n\d]{1,6})假期至/.exec(whole)?.[1];
  const reader = new Reader(year, extended ? base.filter(({ date }) => date.startsWith(`${year}-`)) : []);
  for (const line of lines) {
    const [, name, rest] = ITEM.exec(line) ?? [];
    if (extended && line.includes('假期至')) reader.item(extended, line.slice(line.indexOf('延长')));
    else if (!extended && name && rest) reader.item(name, rest);
  }
  if (reader.festivals.length + reader.doubts.length === 0)
    reader.doubts.push({ code: 'not-understood', text: (lines[0] ?? '').slice(0, LONGEST_PASSAGE) });
  const days = [...reader.days.values()].sort((a, b) => (a.date < b.date ? -1 : 1));
  return { year, number, festivals: reader.festivals, days, doubts: reader.doubts };
}
