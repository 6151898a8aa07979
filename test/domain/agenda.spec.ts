import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { agendaOf, deadlineOf, type AgendaItem } from '../../src/domain/case/agenda.js';
import type { ActBody } from '../../src/domain/case/acts.js';
import { climbOf, type Rung } from '../../src/domain/procedure/ladder.js';
import { NATIONAL_DEFAULT } from '../../src/domain/policy/policy.js';
import {
  addDays,
  dateOf,
  instantOf,
  isWorkingDay,
  workingCalendar,
  workingDaysBetween,
  type CalendarException,
  type WorkingCalendar,
  nationwide,
} from '../../src/domain/working-days.js';
import { CaseTold, transferRoute, WEEKDAYS } from '../fixtures/case.js';

const seed = JSON.parse(readFileSync(new URL('../../src/calendar/seed/holidays.json', import.meta.url), 'utf8')) as {
  years: { exceptions: CalendarException[] }[];
};
const days = seed.years.flatMap(({ exceptions }) => exceptions);
const STATUTORY = workingCalendar(1, days, '2026-12-31');
/** The calendar as it stood before an amendment: without some of today's exceptions, with others. */
const before = (without: readonly string[], others: readonly CalendarException[] = []): WorkingCalendar =>
  workingCalendar(0, [...days.filter(({ date }) => !without.includes(date)), ...others], '2026-12-31');

/** The notice of November 2018 gave 1 May 2019 alone; that of March 2019 made it four days, with two Sundays worked. */
const MAY_DAY_BEFORE = before(['2019-04-28', '2019-05-02', '2019-05-03', '2019-05-05']);
/** The notice of January 2020 moved the end of the Spring Festival from 30 January to 2 February, a Sunday; 1 February was to be worked. */
const SPRING_BEFORE = before(['2020-01-31'], [{ date: '2020-02-01', kind: 'makeupWorkday' }]);

/** A case whose one task arrived on a day, with an agenda under a calendar. */
function arrived(on: string, workingDays = 10, ladder: readonly string[] = ['westCounty', 'westCity', 'westProvince']) {
  const told = new CaseTold(transferRoute(), instantOf(on, 10));
  const task = {
    taskId: 't',
    step: 'sourceSchool',
    visit: 1,
    capacities: ['sourceSchool'],
    holder: 'westSchool',
    office: 'schoolReviewer',
  };
  return told.append({ kind: 'opened', ...task, workingDays, arrivedOn: on, ladder } as ActBody);
}
const agenda = (told: CaseTold, calendar: WorkingCalendar) => agendaOf(told.state, nationwide(calendar), 'request 1');
const inShort = (items: readonly AgendaItem[]) => items.map(({ at, what, n }) => `${dateOf(at)} ${what} ${n}`);
const reminded = (told: CaseTold, n: number) =>
  told.append({ kind: 'reminded', taskId: 't', step: 'sourceSchool', visit: 1, workingDaysLeft: n });
const escalated = (told: CaseTold, level: number) =>
  told.append({ kind: 'escalated', taskId: 't', step: 'sourceSchool', visit: 1, level, to: 'x' });

describe('the deadline of a task (R-16, A7)', () => {
  it.each([
    ['2026-11-02', '2026-11-16', 'over one weekend'],
    ['2026-11-21', '2026-12-04', 'an arrival on a Saturday: Monday is day 1'],
    ['2026-09-16', '2026-09-30', 'with a make-up Sunday, 20 September, and Mid-Autumn off'],
    ['2026-09-28', '2026-10-16', 'over National Day, with the make-up Saturday 10 October'],
    ['2026-02-06', '2026-02-27', 'over the Spring Festival of 2026, with the make-up Saturday 14 February'],
    ['2019-04-22', '2019-05-07', 'over May Day 2019 as amended'],
    ['2020-01-17', '2020-02-07', 'over the Spring Festival of 2020 as extended'],
  ])('that arrived on %s is %s: ten working days %s', (arrivedOn, dueDate) => {
    expect(deadlineOf(STATUTORY, { arrivedOn, workingDays: 10 })).toEqual({
      dueDate,
      provisional: false,
      dueAt: instantOf(addDays(dueDate, 1)),
    });
  });

  it('is the midnight that ends its last working day in Shanghai, exclusive', () => {
    expect(new Date(deadlineOf(STATUTORY, { arrivedOn: '2026-11-02', workingDays: 10 }).dueAt).toISOString()).toBe(
      '2026-11-16T16:00:00.000Z',
    );
  });

  it('is provisional when it runs into a year whose calendar is not published', () => {
    expect(deadlineOf(STATUTORY, { arrivedOn: '2026-12-21', workingDays: 10 })).toMatchObject({ dueDate: '2027-01-05', provisional: true });
  });
});

describe('an amended calendar moves open deadlines both ways (A8)', () => {
  it('May Day 2019: the make-up Sunday brings some nearer, the days off put others later', () => {
    const due = (calendar: WorkingCalendar, arrivedOn: string) => deadlineOf(calendar, { arrivedOn, workingDays: 10 }).dueDate;
    expect([due(MAY_DAY_BEFORE, '2019-04-16'), due(STATUTORY, '2019-04-16')]).toEqual(['2019-04-30', '2019-04-29']);
    expect([due(MAY_DAY_BEFORE, '2019-04-18'), due(STATUTORY, '2019-04-18')]).toEqual(['2019-05-03', '2019-05-05']);
  });

  it('Spring Festival 2020: reminders and escalations move with the due date', () => {
    const told = arrived('2020-01-17');
    expect(inShort(agenda(told, SPRING_BEFORE))).toEqual([
      '2020-02-01 remind 3',
      '2020-02-04 remind 1',
      '2020-02-06 escalate 1',
      '2020-02-13 escalate 2',
      '2020-02-20 escalate 3',
    ]);
    expect(inShort(agenda(told, STATUTORY))).toEqual([
      '2020-02-04 remind 3',
      '2020-02-06 remind 1',
      '2020-02-10 escalate 1',
      '2020-02-17 escalate 2',
      '2020-02-24 escalate 3',
    ]);
  });

  it('what went out under the old calendar does not go out again under the new one', () => {
    const told = reminded(arrived('2020-01-17'), 3);
    expect(inShort(agenda(told, STATUTORY))[0]).toBe('2020-02-06 remind 1');
    escalated(reminded(told, 1), 1);
    expect(inShort(agenda(told, STATUTORY))).toEqual(['2020-02-17 escalate 2', '2020-02-24 escalate 3']);
  });
});

describe('reminders and escalations (A4)', () => {
  it('remind three and one working days before, escalate on the first working day after, then one level up every five', () => {
    expect(inShort(agenda(arrived('2026-09-16'), STATUTORY))).toEqual([
      '2026-09-24 remind 3',
      '2026-09-29 remind 1',
      '2026-10-08 escalate 1',
      '2026-10-14 escalate 2',
      '2026-10-21 escalate 3',
    ]);
  });

  it('go up the ladder of the holder and not beyond it', () => {
    const what = (ladder: readonly string[]) =>
      inShort(agenda(arrived('2026-11-02', 10, ladder), STATUTORY)).filter((item) => item.includes('escalate'));
    expect(what(['westProvince'])).toEqual(['2026-11-17 escalate 1']);
    expect(what([])).toEqual([]);
  });

  it.each<[string, Rung[], string[], string[]]>([
    [
      'every rung in the national default',
      NATIONAL_DEFAULT.escalateTo.slice(),
      ['county', 'city', 'province'],
      ['county', 'city', 'province'],
    ],
    ['the province at once', ['top'], ['county', 'city', 'province'], ['province']],
    ['the nearest and the province', ['nearest', 'top'], ['county', 'city', 'province'], ['county', 'province']],
    ['the nearest alone', ['nearest'], ['county', 'city', 'province'], ['county']],
    ['all below the province', ['nearest', 'between'], ['county', 'city', 'province'], ['county', 'city']],
    ['a single superior, which is the nearest and the top', ['top'], ['province'], ['province']],
    ['nobody above the top', ['nearest', 'between', 'top'], [], []],
  ])('climb to %s', (_, rungs, ladder, expected) => {
    expect(climbOf(ladder, rungs)).toEqual(expected);
  });

  it('climb in the order of the rungs that policy has, the first on the first working day after the due date', () => {
    const route = transferRoute({ policy: { ...NATIONAL_DEFAULT, escalateTo: ['top'] } });
    const told = new CaseTold(route, instantOf('2026-11-02', 10)).settled();
    const items = agendaOf(told.state, nationwide(WEEKDAYS), 'request 1').filter(({ what }) => what === 'escalate');
    expect(inShort(items)).toEqual(['2026-11-17 escalate 1']);
    told.now = (items[0] as AgendaItem).at;
    expect(told.settled().task.escalatedTo).toEqual(['westProvince']);
    const moved = { kind: 'rerouted', from: 'westSchool', to: 'eastSchool', ladder: ['eastCounty', 'eastCity', 'eastProvince'] } as const;
    expect(told.append({ ...moved, onBehalf: false, changeId: 'merger' }).task.escalatedTo).toEqual(['eastProvince']);
  });

  it('obey the clocks of the policy frozen in the route', () => {
    const told = new CaseTold(transferRoute({ policy: { ...NATIONAL_DEFAULT, remindBefore: [5], escalate: { after: 2, every: 3 } } }));
    told.now = instantOf('2026-11-02', 10);
    expect(inShort(agendaOf(told.settled().state, nationwide(WEEKDAYS), 'request 1'))).toEqual([
      '2026-11-09 remind 5',
      '2026-11-18 escalate 1',
      '2026-11-23 escalate 2',
      '2026-11-26 escalate 3',
    ]);
  });

  it('of a three-day budget leave out the reminder that would fall on the day of arrival', () => {
    expect(inShort(agenda(arrived('2026-11-02', 3), STATUTORY)).slice(0, 2)).toEqual(['2026-11-04 remind 1', '2026-11-06 escalate 1']);
  });

  it('of a three-day budget that arrived on a Saturday leave out the reminder on the Friday before', () => {
    expect(inShort(agenda(arrived('2026-11-21', 3), STATUTORY)).slice(0, 2)).toEqual(['2026-11-24 remind 1', '2026-11-26 escalate 1']);
  });

  it('of a four-day budget remind for the first time on the day after arrival', () => {
    expect(inShort(agenda(arrived('2026-11-02', 4), STATUTORY))[0]).toBe('2026-11-03 remind 3');
  });

  it('of a one-day budget are escalations alone', () => {
    expect(inShort(agenda(arrived('2026-11-02', 1), STATUTORY))[0]).toBe('2026-11-04 escalate 1');
  });

  it('are for open tasks: a case between two tasks has none', () => {
    expect(agenda(new CaseTold(), STATUTORY)).toEqual([]);
  });
});

describe('a process that was down', () => {
  const goesOut = (told: CaseTold, on: string): string[] => {
    told.now = instantOf(on, 12);
    const from = told.acts.length;
    told.settled();
    return told.acts
      .slice(from)
      .map((act) =>
        act.kind === 'reminded' ? `remind ${act.workingDaysLeft}` : act.kind === 'escalated' ? `escalate ${act.level}` : act.kind,
      );
  };

  it('over the first reminder sends it late', () => {
    expect(goesOut(arrived('2026-11-02'), '2026-11-12')).toEqual(['remind 3']);
  });

  it('over both reminders sends the last alone', () => {
    expect(goesOut(arrived('2026-11-02'), '2026-11-16')).toEqual(['remind 1']);
  });

  it('over the due date escalates, and reminds nobody of a date that has passed', () => {
    expect(goesOut(arrived('2026-11-02'), '2026-11-17')).toEqual(['escalate 1']);
  });

  it('over weeks sends each level once, in order, and afterwards nothing more', () => {
    const told = arrived('2026-11-02');
    expect(goesOut(told, '2026-12-31')).toEqual(['escalate 1', 'escalate 2', 'escalate 3']);
    expect([agenda(told, WEEKDAYS), told.todo]).toEqual([[], { do: 'wait', until: undefined }]);
  });
});

describe('the half hour in which messages go out', () => {
  const minuteOf = (requestId: string) =>
    (agendaOf(arrived('2026-11-02').state, nationwide(STATUTORY), requestId)[0]!.at - instantOf('2026-11-11', 9)) / 60_000;

  it('begins at 09:00 in Shanghai, and keeps to the same second for the same request from release to release', () => {
    expect(minuteOf('request 1') * 60).toBe(1705);
    fc.assert(
      fc.property(fc.uuid(), (id) => {
        expect(minuteOf(id)).toBeGreaterThanOrEqual(0);
        expect(minuteOf(id)).toBeLessThan(30);
      }),
    );
  });

  it('is used evenly: of a thousand requests no minute has more than a tenth', () => {
    const counts = new Map<number, number>();
    for (const id of fc.sample(fc.uuid(), 1000)) counts.set(Math.floor(minuteOf(id)), (counts.get(Math.floor(minuteOf(id))) ?? 0) + 1);
    expect(counts.size).toBeGreaterThan(25);
    expect(Math.max(...counts.values())).toBeLessThan(100);
  });
});

describe('every agenda, whatever arrival, budget, ladder and messages sent', () => {
  const arrival = fc.integer({ min: 0, max: 4600 }).map((n) => addDays('2014-01-01', n));
  const cases = fc.record({
    on: arrival,
    budget: fc.integer({ min: 1, max: 10 }),
    ladder: fc.subarray(['westCounty', 'westCity', 'westProvince']),
    calendar: fc.constantFrom(STATUTORY, MAY_DAY_BEFORE, SPRING_BEFORE, WEEKDAYS),
  });

  it('has nothing on or before the day of arrival, and everything on a working day in the half hour from nine', () => {
    fc.assert(
      fc.property(cases, ({ on, budget, ladder, calendar }) => {
        for (const { at } of agenda(arrived(on, budget, ladder), calendar)) {
          expect(dateOf(at) > on && isWorkingDay(calendar, dateOf(at))).toBe(true);
          expect(at - instantOf(dateOf(at), 9)).toBeGreaterThanOrEqual(0);
          expect(at - instantOf(dateOf(at), 9)).toBeLessThan(30 * 60_000);
        }
      }),
    );
  });

  it('is in order, reminders before the due date, one escalation a level, strictly later the higher, none before it is overdue', () => {
    fc.assert(
      fc.property(cases, ({ on, budget, ladder, calendar }) => {
        const items = agenda(arrived(on, budget, ladder), calendar);
        const { dueDate, dueAt } = deadlineOf(calendar, { arrivedOn: on, workingDays: budget });
        expect(items.every(({ at }, i) => at > (items[i - 1]?.at ?? 0))).toBe(true);
        const climbs = items.filter(({ what }) => what === 'escalate');
        expect(climbs.map(({ n }) => n)).toEqual(ladder.map((_, i) => i + 1));
        expect(climbs.every(({ at }) => at > dueAt)).toBe(true);
        for (const { at, n } of items.filter(({ what }) => what === 'remind'))
          expect(workingDaysBetween(calendar, dateOf(at), dueDate)).toBe(n);
      }),
    );
  });

  it('never has an item that was sent, nor one before it', () => {
    fc.assert(
      fc.property(cases, fc.nat(31), ({ on, budget, ladder, calendar }, which) => {
        const told = arrived(on, budget, ladder);
        const all = agenda(told, calendar);
        const sent = all.filter((_, i) => which & (1 << i));
        for (const { what, n } of sent) (what === 'remind' ? reminded : escalated)(told, n);
        expect(agenda(told, calendar)).toEqual(all.filter(({ at }) => at > (sent.at(-1)?.at ?? 0)));
      }),
    );
  });
});
