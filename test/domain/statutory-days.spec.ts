import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { statutoryDays, statutoryName } from '../../src/domain/statutory-days.js';
import {
  addDays,
  addWorkingDays,
  dayOfWeek,
  isWorkingDay,
  subtractWorkingDays,
  workingCalendar,
  workingDaysBetween,
} from '../../src/domain/working-days.js';

const DAYS = statutoryDays();
const ofYear = (year: number) => DAYS.filter(({ date }) => date.startsWith(`${year}-`)).map(({ date, name }) => `${date.slice(5)} ${name}`);
const UNANNOUNCED = workingCalendar(1, [], '1899-12-31');

describe('the days of the standing decree 全国年节及纪念日放假办法', () => {
  it.each([
    [
      2024,
      '01-01 元旦, 02-10 春节, 02-11 春节, 02-12 春节, 04-04 清明, 05-01 劳动节, 06-10 端午, 09-17 中秋, 10-01 国庆节, 10-02 国庆节, 10-03 国庆节',
    ],
    [
      2025,
      '01-01 元旦, 01-28 春节, 01-29 春节, 01-30 春节, 01-31 春节, 04-04 清明, 05-01 劳动节, 05-02 劳动节, 05-31 端午, 10-01 国庆节, 10-02 国庆节, ' +
        '10-03 国庆节, 10-06 中秋',
    ],
    [
      2027,
      '01-01 元旦, 02-05 春节, 02-06 春节, 02-07 春节, 02-08 春节, 04-05 清明, 05-01 劳动节, 05-02 劳动节, 06-09 端午, 09-15 中秋, 10-01 国庆节, ' +
        '10-02 国庆节, 10-03 国庆节',
    ],
  ])('are of %i those that people know', (year, days) => {
    expect(ofYear(year)).toEqual(days.split(', '));
  });

  it('name both festivals that fall on one day', () => {
    expect(statutoryName('2020-10-01')).toBe('国庆节、中秋');
  });

  it('are eleven a year before 2025 and thirteen from then on, of the years 1900 to 2201', () => {
    for (let year = 1900; year <= 2201; year++) {
      const length = ofYear(year).reduce((sum, name) => sum + name.split('、').length, 0);
      if (length !== (year < 2025 ? 11 : 13)) throw new Error(`${year} has ${length} days`);
    }
    expect([DAYS[0]?.date, DAYS.at(-1)?.date]).toEqual(['1900-01-01', '2201-10-03']);
  });

  it('are all off by the announcements of 2014 to 2026, and none of them is worked', () => {
    const { years } = JSON.parse(readFileSync(new URL('../../src/calendar/seed/holidays.json', import.meta.url), 'utf8')) as {
      years: { year: number; festivals: { from: string; to: string }[]; exceptions: { date: string; kind: string }[] }[];
    };
    for (const { year, festivals, exceptions } of years) {
      const days = DAYS.filter(({ date }) => date.startsWith(`${year}-`));
      expect(days.filter(({ date }) => !festivals.some(({ from, to }) => from <= date && date <= to))).toEqual([]);
      expect(exceptions.filter(({ date, kind }) => kind === 'makeupWorkday' && statutoryName(date) !== undefined)).toEqual([]);
    }
  });

  it('are where an independent table of the lunar calendar has them, but for one day on which that table errs', () => {
    const program = `
      import days from 'chinese-days';
      for (let year = 1901; year <= 2100; year++)
        console.log(['01-01', '05-05', '08-15'].map((day) => days.getSolarDateFromLunar(year + '-' + day).date).join(' '));`;
    const lines = execFileSync(process.execPath, ['--input-type=module', '-e', program], {
      encoding: 'utf8',
      env: { ...process.env, TZ: 'UTC' },
      cwd: fileURLToPath(new URL('../../..', import.meta.url)),
    });
    const theirs = lines.trim().split(/\s+/);
    expect(theirs).toHaveLength(600);
    /** The last of the Spring Festival is its third day. */
    const ours = theirs.filter((date, n) => {
      const is = (one: string, name: RegExp) => name.test(statutoryName(one) ?? '');
      if (n % 3 > 0) return is(date, n % 3 === 1 ? /端午/ : /中秋/);
      return is(addDays(date, 2), /春节/) && !is(addDays(date, 3), /春节/);
    });
    expect(theirs.filter((date) => !ours.includes(date))).toEqual(['1996-09-26']); // it was 27 September
  });

  it('are what scripts/festivals.mjs writes today', () => {
    const script = fileURLToPath(new URL('../../../scripts/festivals.mjs', import.meta.url));
    expect(() => execFileSync(process.execPath, [script, '--check'], { stdio: 'pipe' })).not.toThrow();
  });
});

describe('counting in any year (A7)', () => {
  const day = fc.integer({ min: 0, max: 109_938 }).map((n) => addDays('1900-01-01', n)); // to the end of 2200
  const exceptions = fc
    .uniqueArray(fc.record({ date: day, kind: fc.constantFrom('holiday' as const, 'makeupWorkday' as const) }), { maxLength: 200 })
    .map((all) => all.filter(({ date, kind }) => kind === 'holiday' || statutoryName(date) === undefined));

  it('never counts a statutory day, whatever is announced', () => {
    fc.assert(
      fc.property(exceptions, day, fc.integer({ min: 1, max: 250 }), (days, from, n) => {
        const calendar = workingCalendar(1, days, '2026-12-31');
        const due = addWorkingDays(calendar, from, n).date;
        expect(statutoryName(due)).toBeUndefined();
        expect(statutoryName(subtractWorkingDays(calendar, from, Math.min(n, 20)))).toBeUndefined();
        const worked = Array.from({ length: 400 }, (_, i) => addDays(from, i + 1)).filter(
          (date) => date <= due && isWorkingDay(calendar, date),
        );
        expect(worked.filter((date) => statutoryName(date) !== undefined)).toEqual([]);
        expect([worked.length, workingDaysBetween(calendar, from, due)]).toEqual([n, n]);
      }),
    );
  });

  it('counts every other day from Monday to Friday where nothing is announced', () => {
    fc.assert(
      fc.property(day, (date) => isWorkingDay(UNANNOUNCED, date) === (dayOfWeek(date) % 6 > 0 && statutoryName(date) === undefined)),
    );
  });

  it('lets an announcement stand above the decree, if it ever names a statutory day as worked', () => {
    const calendar = workingCalendar(1, [{ date: '2027-05-01', kind: 'makeupWorkday' }], '2027-12-31');
    expect([isWorkingDay(calendar, '2027-05-01'), isWorkingDay(UNANNOUNCED, '2027-05-01')]).toEqual([true, false]);
  });
});
