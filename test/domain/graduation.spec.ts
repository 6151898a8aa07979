import fc from 'fast-check';
import { LEAVING_OUTCOMES, LEAVES_IN } from '../../src/domain/graduation/outcomes.js';
import { conversionBlockers, isLateConversion, type Completed } from '../../src/domain/graduation/conversion.js';
import { leavingBlockers, type Leaving, type LeavingStudent } from '../../src/domain/graduation/leaving.js';
import { inWindow, leavingWindow } from '../../src/domain/graduation/window.js';
import { ENROLMENT_STATES, stateAfter } from '../../src/domain/dossier/dossier.js';
import { boundFaults } from '../../src/domain/packs/policy-bounds.js';
import { inherited, type PackContent } from '../../src/domain/packs/policy-pack.js';
import { NATIONAL_DEFAULT, type Policy } from '../../src/domain/policy/policy.js';
import { KINDS } from '../../src/domain/procedure/procedure.js';
import {
  addDays,
  addWorkingDays,
  isWorkingDay,
  monthsLater,
  subtractWorkingDays,
  workingCalendar,
  workingDaysBetween,
} from '../../src/domain/working-days.js';

const day = fc.integer({ min: 0, max: 4000 }).map((n) => addDays('2026-01-01', n));
const calendar = workingCalendar(
  1,
  [
    { date: '2027-06-10', kind: 'holiday' },
    { date: '2027-06-12', kind: 'makeupWorkday' },
  ],
  '2027-12-31',
);

describe('the working days before leaving (Art 18, R-23)', () => {
  const leavingOn = '2027-06-30';
  const window = leavingWindow(calendar, leavingOn, 20);

  it.each([
    [21, 'before'],
    [20, 'within'],
    [1, 'within'],
    [0, 'within'],
  ] as const)('day %i before the leaving day lies %s the window', (n, where) => {
    expect(inWindow(window, subtractWorkingDays(calendar, leavingOn, n))).toBe(where);
  });

  it('the day after the leaving day is late, a working day or not', () => {
    expect(inWindow(window, addDays(leavingOn, 1))).toBe('late');
    expect(inWindow(leavingWindow(calendar, '2027-07-02', 20), '2027-07-03')).toBe('late');
  });

  it('counts by the school calendar: days off do not count, worked weekends do', () => {
    const plain = leavingWindow(workingCalendar(1, [], '2027-12-31'), leavingOn, 20);
    expect(window.opensOn).toBe(plain.opensOn); // one day off, one worked: the same number of days
    const off = workingCalendar(2, [{ date: '2027-06-15', kind: 'holiday' }], '2027-12-31');
    expect(leavingWindow(off, leavingOn, 20).opensOn < plain.opensOn).toBe(true);
  });

  it('has so many working days from its first day up to the leaving day, whatever the days are', () => {
    fc.assert(
      fc.property(day, fc.integer({ min: 1, max: 20 }), (leaving, n) => {
        const { opensOn, closesOn } = leavingWindow(calendar, leaving, n);
        expect(closesOn).toBe(leaving);
        expect(isWorkingDay(calendar, opensOn)).toBe(true);
        expect(addWorkingDays(calendar, opensOn, n).date >= leaving || !isWorkingDay(calendar, leaving)).toBe(true);
        expect(workingDaysBetween(calendar, addDays(opensOn, -1), addDays(leaving, -1))).toBe(n);
        expect(inWindow({ opensOn, closesOn }, addDays(opensOn, -1))).toBe('before');
      }),
    );
  });
});

const policy = NATIONAL_DEFAULT;
const student: LeavingStudent = {
  state: 'active',
  since: '2024-09-01',
  enrolledOn: '2024-09-01',
  expectedLeavingOn: '2027-06-30',
  openRequest: false,
  openGraduation: false,
  disputed: false,
  provisionalNumber: false,
  unregisteredTerms: [],
  crossStage: false,
};
const leaving: Leaving = { outcome: 'graduated', leavingOn: '2027-06-30' };
const codes = (more: Partial<LeavingStudent>, how: Partial<Leaving> = {}) =>
  leavingBlockers({ ...student, ...more }, { ...leaving, ...how }, policy).map(({ code }) => code);

describe('what stands in the way of a leaving 在办业务清理', () => {
  it('is nothing for who studies in the graduating grade, is registered in every term and has nothing open', () => {
    for (const outcome of LEAVING_OUTCOMES) expect(codes({ crossStage: true }, { outcome })).toEqual([]);
  });

  it.each<[string, Partial<LeavingStudent>, Partial<Leaving>, string[]]>([
    ['a suspension', { state: 'suspended' }, {}, ['leaving-suspended']],
    ['a registration that is pending', { state: 'pending' }, {}, ['leaving-not-studying']],
    ['an open case', { openRequest: true }, {}, ['change-already-open']],
    ['another list under way', { openGraduation: true }, {}, ['graduation-already-open']],
    ['a disputed registration', { disputed: true }, {}, ['leaving-disputed']],
    ['a provisional number', { provisionalNumber: true }, {}, ['leaving-number-provisional']],
    ['a term without registration', { unregisteredTerms: ['2026-2'] }, {}, ['leaving-term-unregistered']],
    ['a term registered after the day', { registeredAfter: '2027-09-01' }, {}, ['leaving-over-registered-term']],
    ['a status that begins after the day', { since: '2027-07-01' }, {}, ['leaving-before-present']],
    ['a day long before the class leaves', {}, { leavingOn: '2027-03-29' }, ['leaving-too-early']],
    ['an early completion', {}, { outcome: 'completed', early: 'enlistment' }, ['leaving-early-not-graduated']],
    ['transfer to a stage that no programme of the record leads to', {}, { outcome: 'advanced' }, ['leaving-not-cross-stage']],
  ])('%s', (_, more, how, found) => {
    expect(codes(more, how)).toEqual(found);
  });

  it('is all named at once, each with who clears it', () => {
    const found = leavingBlockers(
      { ...student, openRequest: true, disputed: true, unregisteredTerms: ['2025-2', '2026-1'] },
      leaving,
      policy,
    );
    expect(found.map(({ code, owner }) => [code, owner])).toEqual([
      ['change-already-open', 'filer'],
      ['leaving-disputed', 'authority'],
      ['leaving-term-unregistered', 'filer'],
    ]);
    expect(found[2]?.item).toMatchObject({ zh: '2025-2、2026-1' });
  });

  it('lets who is in a programme across stages go on to the next stage (R-01)', () => {
    expect(codes({ crossStage: true }, { outcome: 'advanced' })).toEqual([]);
  });

  it('lets who enlists graduate a year before the class, and no earlier', () => {
    expect(codes({}, { leavingOn: '2026-06-30', early: 'enlistment' })).toEqual([]);
    expect(codes({}, { leavingOn: '2026-06-29', early: 'enlistment' })).toEqual(['leaving-too-early']);
  });

  it('lets who leaves before the end leave with 肄业 after a year of study, not a day sooner', () => {
    expect(codes({}, { outcome: 'discontinued', leavingOn: '2025-09-01' })).toEqual([]);
    expect(codes({}, { outcome: 'discontinued', leavingOn: '2025-08-31' })).toEqual(['leaving-studied-too-short']);
  });
});

describe('结业→毕业 (Art 20, R-25)', () => {
  const completed: Completed = { state: 'completed', completedOn: '2027-06-30', openRequest: false, openGraduation: false };
  const today = '2031-01-01';
  const passed = (assessmentPassedOn: string, agreedOn?: string, under: PackContent = {}) =>
    conversionBlockers(completed, { assessmentPassedOn, agreedOn }, inherited<Policy>(policy, under), today).map(({ code }) => code);

  it('counts an assessment passed on the day three years later, and none of the day after', () => {
    expect(passed('2030-06-30')).toEqual([]);
    expect(passed('2030-07-01')).toEqual(['conversion-too-late']);
    fc.assert(
      fc.property(day, (completedOn) => {
        const last = monthsLater(completedOn, 36);
        const at = (assessmentPassedOn: string) =>
          conversionBlockers({ ...completed, completedOn }, { assessmentPassedOn }, policy, '2099-01-01').length;
        expect([at(completedOn), at(last), at(addDays(last, 1)), at(addDays(completedOn, -1))]).toEqual([0, 0, 1, 1]);
      }),
    );
  });

  it('takes a consent or an entry after the three years, and calls it late', () => {
    expect(passed('2030-06-30', '2030-09-01')).toEqual([]);
    expect(isLateConversion('2027-06-30', '2030-09-01', policy)).toBe(true);
    expect(isLateConversion('2027-06-30', '2030-06-30', policy)).toBe(false);
  });

  it('takes no consent before the assessment, and no day of the future', () => {
    expect(passed('2030-01-10', '2030-01-09')).toEqual(['conversion-agreed-before-passed']);
    expect(passed('2030-01-10', '2031-01-02')).toEqual(['date-in-future']);
  });

  it('is for who has completed, and nobody else', () => {
    for (const state of ENROLMENT_STATES.filter((one) => one !== 'completed'))
      expect(
        conversionBlockers({ ...completed, state }, { assessmentPassedOn: '2028-01-01' }, policy, today).map(({ code }) => code),
      ).toEqual(['conversion-not-completed']);
  });

  it('may be narrowed by a province to half a year until two years, and never widened (A13)', () => {
    const zhejiang = { conversionAfterMonths: 6, conversionMonths: 24 };
    expect(passed('2027-12-30', undefined, zhejiang)).toEqual([]);
    expect(passed('2027-12-29', undefined, zhejiang)).toEqual(['conversion-too-soon']);
    expect(passed('2029-07-01', undefined, zhejiang)).toEqual(['conversion-too-late']);
    expect(boundFaults(inherited<Policy>(policy, zhejiang))).toEqual([]);
  });
});

describe('what a province may say of leaving (A17)', () => {
  it.each<[string, PackContent, string]>([
    ['more than twenty working days', { graduationWorkingDays: 21 }, 'longer-than-national /graduationWorkingDays'],
    ['more than three years', { conversionMonths: 37 }, 'longer-than-national /conversionMonths'],
    ['a period that never opens', { conversionMonths: 6, conversionAfterMonths: 6 }, 'out-of-bounds /conversionAfterMonths'],
    ['肄业 under a year', { discontinuedMonths: 11 }, 'out-of-bounds /discontinuedMonths'],
    ['an enlistment more than a year ahead', { earlyGraduationMonths: 13 }, 'out-of-bounds /earlyGraduationMonths'],
    ['a class that leaves half a year ahead', { earlyLeavingDays: 185 }, 'out-of-bounds /earlyLeavingDays'],
  ])('not %s', (_, content, fault) => {
    expect(boundFaults(inherited<Policy>(policy, content)).map(({ code, pointer }) => `${code} ${pointer}`)).toEqual([fault]);
  });
});

describe('who has left', () => {
  it('undergoes no change of status any more, but a correction of personal information and an undoing', () => {
    for (const state of ['graduated', 'completed', 'advanced'] as const)
      for (const kind of KINDS.filter((one) => one !== 'infoCorrection' && one !== 'reinstatement'))
        expect([kind, stateAfter(kind, state)]).toEqual([kind, undefined]);
    expect(LEAVING_OUTCOMES.map((outcome) => stateAfter('infoCorrection', LEAVES_IN[outcome]))).toEqual(
      LEAVING_OUTCOMES.map((outcome) => LEAVES_IN[outcome]),
    );
  });
});
