import fc from 'fast-check';
import { deadlineOf } from '../../src/domain/case/agenda.js';
import { ENROLMENT_STATES } from '../../src/domain/dossier/dossier.js';
import { NATIONAL_DEFAULT } from '../../src/domain/policy/policy.js';
import {
  activeWithin,
  codeOf,
  dayAsked,
  firstDayBy,
  firstDaysOf,
  intakeOf,
  policyDayOf,
  schoolTerm,
  standingIn,
  termAfter,
  termOfEntry,
  termRules,
  termsUpTo,
  type SchoolTerm,
} from '../../src/domain/terms/school-term.js';
import { addDays, parsePlainDate, workingCalendar } from '../../src/domain/working-days.js';
import { recount } from '../fixtures/recount.js';

const START = '2024-01-01';
const day = fc.integer({ min: 0, max: 1500 }).map((n) => addDays(START, n));
const term = fc.record({ year: fc.integer({ min: 2022, max: 2030 }), nth: fc.constantFrom(1 as const, 2 as const) });
const twoDigits = (n: number) => String(n).padStart(2, '0');
const starts = fc.uniqueArray(
  fc
    .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 28 }))
    .map(([month, date]) => `${twoDigits(month)}-${twoDigits(date)}`),
  { minLength: 1, maxLength: 6 },
);
const { termStarts: NATIONAL } = NATIONAL_DEFAULT.limits;
/** Terms in order, from before every day of these tests to after it. */
const TERMS = Array.from({ length: 18 }, (_, n) => n).reduce<SchoolTerm[]>(
  (all) => [...all, termAfter(all.at(-1)!)],
  [{ year: 2021, nth: 1 }],
);

describe('a term 学期', () => {
  it('is named by its school year and 1 or 2, and nothing else is a term', () => {
    fc.assert(fc.property(term, (one) => expect(schoolTerm(codeOf(one))).toEqual(one)));
    for (const code of ['2026', '2026-3', '2026-0', '26-1', '2014-2', '2026-1 ', '', 'current']) expect(schoolTerm(code)).toBeUndefined();
  });

  it('begins on the province’s day in its half of the year, and on the nation’s where the province has none there (A12)', () => {
    expect(firstDayBy(NATIONAL, { year: 2026, nth: 1 })).toBe('2026-09-01');
    expect(firstDayBy(NATIONAL, { year: 2026, nth: 2 })).toBe('2027-02-20');
    expect(firstDayBy(['08-28'], { year: 2026, nth: 2 })).toBe('2027-02-20');
    fc.assert(
      fc.property(starts, term, (list, one) => {
        const first = firstDayBy(list, one);
        const [year, half] = [first.slice(0, 4), first.slice(5) >= '07' ? 1 : 2];
        expect([parsePlainDate(first), half, Number(year)]).toEqual([first, one.nth, one.nth === 1 ? one.year : one.year + 1]);
        const own = list.filter((start) => start >= '07' === (one.nth === 1));
        if (own.length > 0) expect(own.every((start) => `${year}-${start}` >= first)).toBe(true);
      }),
    );
  });

  it('is one on each day: the latest that has begun', () => {
    fc.assert(
      fc.property(starts, day, (list, today) => {
        const underWay = termsUpTo(today).find((one) => firstDayBy(list, one) <= today);
        const latest = TERMS.findLast((one) => firstDayBy(list, one) <= today);
        expect(underWay).toEqual(latest);
      }),
    );
  });

  it('has the policy of the nation’s first day, and lasts until the province’s next first day', () => {
    expect(policyDayOf({ year: 2026, nth: 2 })).toBe('2027-02-20');
    const one = { year: 2026, nth: 1 } as const;
    const rules = termRules(one, NATIONAL_DEFAULT, { limits: { ...NATIONAL_DEFAULT.limits, termStarts: ['03-01'] } });
    expect(rules).toMatchObject({ firstDay: '2026-09-01', nextFirstDay: '2027-03-01', workingDays: 20 });
    expect(firstDaysOf(rules)).toEqual({ from: '2026-08-18', through: '2026-09-15' });
    expect([dayAsked(rules, '2027-02-28'), dayAsked(rules, '2027-03-01'), dayAsked(rules, '2028-01-01')]).toEqual([
      '2027-02-28',
      '2027-02-28',
      '2027-02-28',
    ]);
  });
});

describe('the deadline of a term (R-15, A7)', () => {
  const exceptions = fc.uniqueArray(fc.record({ date: day, kind: fc.constantFrom('holiday' as const, 'makeupWorkday' as const) }), {
    selector: ({ date }) => date,
    maxLength: 60,
  });

  it('is the twentieth working day after the first day, which does not count, whatever the calendar', () => {
    fc.assert(
      fc.property(exceptions, day, fc.integer({ min: 1, max: 20 }), (days, firstDay, workingDays) => {
        const calendar = workingCalendar(1, days, '2099-12-31');
        const { dueDate } = deadlineOf(calendar, { arrivedOn: firstDay, workingDays });
        expect(dueDate).toBe(recount(new Map(days.map(({ date, kind }) => [date, kind])), firstDay, workingDays));
      }),
    );
  });

  it('is provisional when it lies in a year whose calendar is not published', () => {
    const calendar = workingCalendar(1, [], '2026-12-31');
    expect(deadlineOf(calendar, { arrivedOn: '2026-12-01', workingDays: 20 })).toMatchObject({ dueDate: '2026-12-29', provisional: false });
    expect(deadlineOf(calendar, { arrivedOn: '2027-02-20', workingDays: 20 })).toMatchObject({ provisional: true });
  });
});

describe('who is to be registered in a term (R-15, A12)', () => {
  const version = fc.record({ state: fc.constantFrom(...ENROLMENT_STATES), since: day });
  const versions = fc.array(version, { minLength: 1, maxLength: 5 }).map((all) => all.toSorted((a, b) => (a.since < b.since ? -1 : 1)));
  const enrolled = fc.record({ versions, enrolledOn: fc.constant(START), validFrom: fc.constant(START) });
  const AUTUMN = { from: '2026-09-01', through: '2026-10-30' };
  const intake = intakeOf({ year: 2026, nth: 1 });
  const student = (...versions: [state: (typeof ENROLMENT_STATES)[number], since: string][]) => ({
    versions: [['active', '2025-09-01'] as const, ...versions].map(([state, since]) => ({ state, since })),
    enrolledOn: '2025-09-01',
    validFrom: '2025-09-01',
  });
  const on = (through: string) => ({ ...AUTUMN, through });

  it('is who was active on any day of it so far, asked day by day; apart the suspended and the waiting, and nobody else', () => {
    fc.assert(
      fc.property(enrolled, day, fc.integer({ min: 0, max: 150 }), (one, from, length) => {
        const days = Array.from({ length: length + 1 }, (_, n) => addDays(from, n));
        const states = days.map((date) => one.versions.filter(({ since }) => since <= date).at(-1)?.state);
        const apart = { suspended: 'suspended', pending: 'pending', heldDuplicate: 'pending' } as Record<string, string>;
        const expected = states.includes('active') ? 'toRegister' : (apart[states.at(-1) ?? ''] ?? 'none');
        expect(standingIn(one, { from: '2024-01-02', through: '2030-11-20' }, { from, through: addDays(from, length) })).toBe(expected);
      }),
    );
  });

  it('is from the term of entry on, which the entry registration registers, every term of them', () => {
    fc.assert(
      fc.property(day, (enrolledOn) => {
        const one = { versions: [{ state: 'active' as const, since: enrolledOn }], enrolledOn, validFrom: enrolledOn };
        const standings = TERMS.map((of) => standingIn(one, intakeOf(of), { from: policyDayOf(of), through: '2099-01-01' }));
        const entry = standings.indexOf('byEntry');
        expect(TERMS[entry]).toEqual(termOfEntry(enrolledOn));
        expect(standings).toEqual(TERMS.map((_, i) => (i < entry ? 'none' : i === entry ? 'byEntry' : 'toRegister')));
      }),
    );
  });

  it('is who withdrew, moved, died or was suspended after it began, whatever became of the student', () => {
    for (const state of ['withdrawn', 'transferredOut', 'deceased', 'deregistered', 'suspended', 'graduated'] as const) {
      expect(standingIn(student([state, '2026-09-02']), intake, on('2026-10-30'))).toBe('toRegister');
      const before = standingIn(student([state, '2026-09-01']), intake, on('2026-10-30'));
      expect(before).toBe(state === 'suspended' ? 'suspended' : 'none');
    }
  });

  it('is apart only while suspended on all of its days, and to register from the resumption on', () => {
    const one = student(['suspended', '2026-03-01'], ['active', '2026-10-12']);
    expect(standingIn(one, intake, on('2026-10-11'))).toBe('suspended');
    expect(standingIn(one, intake, on('2026-10-12'))).toBe('toRegister');
    expect(activeWithin(one, on('2026-09-29'))).toBe(false);
    expect(standingIn({ ...student(), enrolledOn: '2026-09-01' }, intake, on('2026-09-20'))).toBe('byEntry');
  });
});
