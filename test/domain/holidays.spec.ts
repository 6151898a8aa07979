import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { addDays, type CalendarException, dayOfWeek } from '../../src/domain/working-days.js';

interface SeedYear {
  year: number;
  notices: string[];
  festivals: { name: string; from: string; to: string }[];
  exceptions: (CalendarException & { name: string })[];
}
const { years } = JSON.parse(readFileSync(new URL('../../src/calendar/seed/holidays.json', import.meta.url), 'utf8')) as {
  years: SeedYear[];
};

/** The notices of the State Council's General Office, written down independently of the seed: spans off, and weekend days worked. */
const NOTICES: Record<number, { off: string; worked: string }> = {
  2014: { off: '01-01 01-31/02-06 04-05/04-07 05-01/05-03 05-31/06-02 09-06/09-08 10-01/10-07', worked: '01-26 02-08 05-04 09-28 10-11' },
  2015: {
    off: '01-01/01-03 02-18/02-24 04-04/04-06 05-01/05-03 06-20/06-22 09-03/09-05 09-26/09-27 10-01/10-07',
    worked: '01-04 02-15 02-28 09-06 10-10',
  },
  2016: {
    off: '01-01/01-03 02-07/02-13 04-02/04-04 04-30/05-02 06-09/06-11 09-15/09-17 10-01/10-07',
    worked: '02-06 02-14 06-12 09-18 10-08 10-09',
  },
  2017: { off: '01-01/01-02 01-27/02-02 04-02/04-04 04-29/05-01 05-28/05-30 10-01/10-08', worked: '01-22 02-04 04-01 05-27 09-30' },
  2018: {
    off: '01-01 02-15/02-21 04-05/04-07 04-29/05-01 06-16/06-18 09-22/09-24 10-01/10-07 12-30/12-31',
    worked: '02-11 02-24 04-08 04-28 09-29 09-30 12-29',
  },
  2019: {
    off: '01-01 02-04/02-10 04-05/04-07 05-01/05-04 06-07/06-09 09-13/09-15 10-01/10-07',
    worked: '02-02 02-03 04-28 05-05 09-29 10-12',
  },
  2020: { off: '01-01 01-24/02-02 04-04/04-06 05-01/05-05 06-25/06-27 10-01/10-08', worked: '01-19 04-26 05-09 06-28 09-27 10-10' },
  2021: {
    off: '01-01/01-03 02-11/02-17 04-03/04-05 05-01/05-05 06-12/06-14 09-19/09-21 10-01/10-07',
    worked: '02-07 02-20 04-25 05-08 09-18 09-26 10-09',
  },
  2022: {
    off: '01-01/01-03 01-31/02-06 04-03/04-05 04-30/05-04 06-03/06-05 09-10/09-12 10-01/10-07 12-31',
    worked: '01-29 01-30 04-02 04-24 05-07 10-08 10-09',
  },
  2023: { off: '01-01/01-02 01-21/01-27 04-05 04-29/05-03 06-22/06-24 09-29/10-06', worked: '01-28 01-29 04-23 05-06 06-25 10-07 10-08' },
  2024: {
    off: '01-01 02-10/02-17 04-04/04-06 05-01/05-05 06-10 09-15/09-17 10-01/10-07',
    worked: '02-04 02-18 04-07 04-28 05-11 09-14 09-29 10-12',
  },
  2025: { off: '01-01 01-28/02-04 04-04/04-06 05-01/05-05 05-31/06-02 10-01/10-08', worked: '01-26 02-08 04-27 09-28 10-11' },
  2026: {
    off: '01-01/01-03 02-15/02-23 04-04/04-06 05-01/05-05 06-19/06-21 09-25/09-27 10-01/10-07',
    worked: '01-04 02-14 02-28 05-09 09-20 10-10',
  },
};

const isWeekend = (date: string) => [0, 6].includes(dayOfWeek(date));
function daysOf(year: number, spans: string): string[] {
  return spans.split(' ').flatMap((span) => {
    const [from, to = from] = span.split('/').map((monthDay) => `${year}-${monthDay}`) as [string, string?];
    const all: string[] = [];
    for (let date = from; date <= to!; date = addDays(date, 1)) all.push(date);
    return all;
  });
}

it('covers 2014 to 2026, each year with the document number of its notice', () => {
  expect(years.map(({ year }) => year)).toEqual(Object.keys(NOTICES).map(Number));
  for (const { year, notices } of years) expect(notices[0]).toMatch(new RegExp(`^国办发明电〔${year - 1}〕\\d{1,2}号$`));
});

describe.each(years)('the calendar of $year', ({ year, exceptions, festivals }) => {
  const dates = (kind: string) => exceptions.filter((day) => day.kind === kind).map(({ date }) => date);

  it('has the weekdays off that the notice gives', () => {
    expect(dates('holiday')).toEqual(daysOf(year, NOTICES[year]!.off).filter((date) => !isWeekend(date)));
  });

  it('has the worked weekend days that the notice gives', () => {
    expect(dates('makeupWorkday')).toEqual(daysOf(year, NOTICES[year]!.worked));
  });

  it('names every festival in Chinese and holds each exception once', () => {
    expect([...festivals, ...exceptions].filter(({ name }) => !/^\p{Script=Han}/u.test(name))).toEqual([]);
    expect(new Set(exceptions.map(({ date }) => date)).size).toBe(exceptions.length);
  });
});

it('is what scripts/holidays.mjs writes today', () => {
  const script = fileURLToPath(new URL('../../../scripts/holidays.mjs', import.meta.url));
  expect(() => execFileSync(process.execPath, [script, '--check'], { stdio: 'pipe' })).not.toThrow();
});
