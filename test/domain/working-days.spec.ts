import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import {
  addDays,
  addWorkingDays,
  type CalendarException,
  dateOf,
  dayOfWeek,
  instantOf,
  isWorkingDay,
  parsePlainDate,
  subtractWorkingDays,
  workingCalendar,
  workingDaysBetween,
} from '../../src/domain/working-days.js';

const seed = JSON.parse(readFileSync(new URL('../../src/calendar/seed/holidays.json', import.meta.url), 'utf8')) as {
  years: { exceptions: CalendarException[] }[];
};
const calendar = workingCalendar(
  1,
  seed.years.flatMap((year) => year.exceptions),
  '2026-12-31',
);

const day = fc.integer({ min: 0, max: 4747 }).map((n) => addDays('2014-01-01', n));
const days = fc.integer({ min: 1, max: 60 });

describe('counting working days (A7)', () => {
  it.each([
    // from, working days, the last of them
    ['2026-11-23', 10, '2026-12-07', 'a plain fortnight'],
    ['2026-11-21', 1, '2026-11-23', 'an arrival on a Saturday: Monday is day 1'],
    ['2019-04-26', 1, '2019-04-28', 'May Day 2019 as amended: Sunday 28 April is worked'],
    ['2019-04-30', 1, '2019-05-05', 'May Day 2019 as amended: 1 to 4 May are off and Sunday 5 May is worked'],
    ['2019-04-25', 5, '2019-05-05', 'May Day 2019 as amended: 26, 28, 29, 30 April, 5 May'],
    ['2020-01-23', 1, '2020-02-03', 'Spring Festival 2020 as extended: 24 January to 2 February are off'],
    ['2020-01-17', 10, '2020-02-07', 'Spring Festival 2020 with its make-up Sunday 19 January'],
    ['2026-09-30', 1, '2026-10-08', 'National Day'],
    ['2026-10-09', 1, '2026-10-10', 'a make-up Saturday'],
    ['2026-09-18', 1, '2026-09-20', 'a make-up Sunday'],
    ['2025-01-27', 20, '2025-03-03', '20 working days over the Spring Festival of 2025'],
    ['2026-09-01', 20, '2026-09-29', '20 working days over Mid-Autumn with a worked Sunday'],
    ['2025-12-25', 20, '2026-01-23', '20 working days over a year whose notice is published'],
  ])('from %s the working day number %i is %s: %s', (from, n, expected) => {
    expect(addWorkingDays(calendar, from, n)).toEqual({ date: expected, provisional: false });
  });

  it('marks a deadline provisional when it runs into a year whose notice is not published', () => {
    expect(addWorkingDays(calendar, '2026-12-25', 4)).toEqual({ date: '2026-12-31', provisional: false });
    expect(addWorkingDays(calendar, '2026-12-25', 5)).toEqual({ date: '2027-01-04', provisional: true });
  });

  it.each([
    ['2026-12-31', '2027-01-04', 'New Year'],
    ['2027-02-04', '2027-02-09', 'the eve and the first three days of the Spring Festival'],
    ['2028-04-03', '2028-04-05', 'Qingming'],
    ['2028-04-28', '2028-05-03', 'Labour Day and the day after it'],
    ['2028-05-26', '2028-05-29', 'the Dragon Boat Festival on a Sunday, which nothing makes up for'],
    ['2027-09-14', '2027-09-16', 'the Mid-Autumn Festival'],
    ['2027-09-30', '2027-10-04', 'National Day, of which the notice alone would add more'],
  ])('after %s comes %s in a year that is not announced: %s', (from, date) => {
    expect(addWorkingDays(calendar, from, 1)).toEqual({ date, provisional: true });
  });

  it('gives the day itself for no working days, also on a day off', () => {
    expect(addWorkingDays(calendar, '2026-10-03', 0).date).toBe('2026-10-03');
    expect(subtractWorkingDays(calendar, '2026-10-03', 0)).toBe('2026-10-03');
  });

  it.each([-1, 1.5, Number.NaN, Infinity])('refuses %p as a number of working days', (n) => {
    expect(() => addWorkingDays(calendar, '2026-11-23', n)).toThrow(RangeError);
  });

  it('lets a later exception on a date replace an earlier one', () => {
    const amended = workingCalendar(
      2,
      [...calendar.exceptions].map(([date, kind]) => ({ date, kind })).concat({ date: '2026-11-24', kind: 'holiday' }),
      '2026-12-31',
    );
    expect([isWorkingDay(calendar, '2026-11-24'), isWorkingDay(amended, '2026-11-24')]).toEqual([true, false]);
  });

  it('comes back to a working day by adding and then subtracting', () => {
    fc.assert(
      fc.property(day, days, (from, n) => {
        fc.pre(isWorkingDay(calendar, from));
        expect(subtractWorkingDays(calendar, addWorkingDays(calendar, from, n).date, n)).toBe(from);
      }),
    );
  });

  it('counts n working days between a day and the n-th working day after it', () => {
    fc.assert(fc.property(day, days, (from, n) => workingDaysBetween(calendar, from, addWorkingDays(calendar, from, n).date) === n));
  });

  it('ends on a working day', () => {
    fc.assert(fc.property(day, days, (from, n) => isWorkingDay(calendar, addWorkingDays(calendar, from, n).date)));
  });

  it('never gives a later arrival or a longer budget an earlier deadline', () => {
    fc.assert(
      fc.property(day, fc.nat(40), days, fc.nat(20), (from, later, n, more) => {
        const due = addWorkingDays(calendar, from, n).date;
        expect(addWorkingDays(calendar, addDays(from, later), n).date >= due).toBe(true);
        expect(addWorkingDays(calendar, from, n + more).date >= due).toBe(true);
      }),
    );
  });

  it('treats an arrival on a day off like one on the last working day before it', () => {
    fc.assert(
      fc.property(day, days, (arrival, n) => {
        fc.pre(!isWorkingDay(calendar, arrival));
        expect(addWorkingDays(calendar, arrival, n)).toEqual(addWorkingDays(calendar, subtractWorkingDays(calendar, arrival, 1), n));
      }),
    );
  });

  it('counts no working day between a date and itself or an earlier one', () => {
    fc.assert(fc.property(day, fc.nat(100), (from, n) => workingDaysBetween(calendar, from, addDays(from, -n)) === 0));
  });

  it('adds 30 working days in microseconds, far below a tenth of a millisecond even on a busy machine', () => {
    const started = process.hrtime.bigint();
    for (let i = 0; i < 2000; i++) addWorkingDays(calendar, '2026-01-05', 30);
    expect(Number(process.hrtime.bigint() - started) / 2000).toBeLessThan(100_000);
  });
});

describe('dates in Asia/Shanghai', () => {
  it('agrees with the platform on every date of four centuries', () => {
    for (let n = -80_000; n < 70_000; n++) {
      const expected = new Date(n * 86_400_000).toISOString().slice(0, 10);
      const actual = addDays('1970-01-01', n);
      if (actual !== expected) throw new Error(`day ${n}: ${actual} instead of ${expected}`);
      if (addDays(actual, -n) !== '1970-01-01') throw new Error(`${actual} does not come back`);
      if (dayOfWeek(actual) !== new Date(n * 86_400_000).getUTCDay()) throw new Error(`${actual} has another weekday`);
    }
  });

  it('begins a day at 16:00 UTC of the day before', () => {
    expect(instantOf('2026-11-24')).toBe(Date.parse('2026-11-23T16:00:00Z'));
    expect(instantOf('2026-11-24', 9, 30)).toBe(Date.parse('2026-11-24T01:30:00Z'));
    expect(dateOf(Date.parse('2026-11-23T15:59:59.999Z'))).toBe('2026-11-23');
    expect(dateOf(Date.parse('2026-11-23T16:00:00Z'))).toBe('2026-11-24');
  });

  it('finds an instant of a date on that date', () => {
    fc.assert(fc.property(day, fc.nat(23), fc.nat(59), (date, hour, minute) => dateOf(instantOf(date, hour, minute)) === date));
  });

  it('reads only real dates in the exact form', () => {
    expect(['2024-02-29', '2000-02-29', '2026-12-31'].map(parsePlainDate)).toEqual(['2024-02-29', '2000-02-29', '2026-12-31']);
    const wrong = [
      '2026-02-29',
      '1900-02-29',
      '2026-13-01',
      '2026-00-10',
      '2026-04-31',
      '2026-01-00',
      '2026-1-1',
      '20260101',
      '2026-01-01 ',
      '２０２６-01-01',
      '2026-01-01T00:00:00Z',
      '',
    ];
    expect(wrong.filter((text) => parsePlainDate(text) !== undefined)).toEqual([]);
  });
});

it('answers alike whatever the time zone of the process', () => {
  const program = `
    import { addDays, addWorkingDays, dateOf, dayOfWeek, instantOf, workingCalendar }
      from ${JSON.stringify(new URL('../../src/domain/working-days.js', import.meta.url).href)};
    const calendar = workingCalendar(1, ${JSON.stringify([...calendar.exceptions].map(([date, kind]) => ({ date, kind })))}, '2026-12-31');
    const answers = [];
    for (let n = 0; n < 4748; n++) {
      const date = addDays('2014-01-01', n);
      answers.push([date, dayOfWeek(date), addWorkingDays(calendar, date, 10).date, instantOf(date), dateOf(instantOf(date, 23,
        59))].join());
    }
    console.log(new Date(0).getTimezoneOffset() + ' ' + answers.join(' '));`;
  const answersIn = (TZ: string) =>
    execFileSync(process.execPath, ['--input-type=module', '-e', program], { env: { TZ }, encoding: 'utf8', maxBuffer: 1 << 24 }).split(
      ' ',
    );
  const [newYork, shanghai, kiritimati] = ['America/New_York', 'Asia/Shanghai', 'Pacific/Kiritimati'].map(answersIn);
  expect(newYork![0]).not.toBe(shanghai![0]);
  expect(newYork!.slice(1)).toEqual(shanghai!.slice(1));
  expect(kiritimati!.slice(1)).toEqual(shanghai!.slice(1));
});
