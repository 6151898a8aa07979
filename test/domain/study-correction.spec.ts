import fc from 'fast-check';
import { correctedStudy, namedIn, replacedBy, STUDY_DATA, type CorrectedStudy } from '../../src/domain/dossier/study-data.js';
import { daysFaults, placeFault, type Offer } from '../../src/domain/dossier/study.js';
import { blockersOf } from '../../src/domain/preconditions/index.js';
import { monthsLater } from '../../src/domain/working-days.js';
import { filing, TODAY } from '../fixtures/filing-facts.js';

const year = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('2024', '2025', '2026') },
  { weight: 1, arbitrary: fc.integer({ min: 2014, max: 2030 }).map(String) },
);
const length = fc.constantFrom(2, 2.5, 3, 3.5, 4, 5);
const entry = fc.tuple(year, fc.constantFrom('03-01', '09-01')).map(([of, day]) => `${of}-${day}`);
const direction = fc.constantFrom('移动应用开发', '网络安全');
const whence = fc.constantFrom('juniorThisYear', 'veteran');
const own = fc.integer({ min: 20260001, max: 20260999 }).map(String);
const corrected: fc.Arbitrary<CorrectedStudy> = fc.record(
  { enrolledOn: entry, lengthYears: length, majorDirection: direction, grade: year, origin: whence, numberAtSchool: own },
  { requiredKeys: [] },
);
/** As it was entered: whole, and perhaps wrong. */
const present = fc.record({
  enrolledOn: entry,
  lengthYears: length,
  majorDirection: fc.option(direction),
  grade: year,
  origin: fc.option(whence),
  numberAtSchool: fc.option(own),
  admissionKind: fc.constant(null),
  crossStage: fc.constant('none'),
  teachingSite: fc.constant(null),
  majorCode: fc.constant('710201'),
  studyMode: fc.constant('fullTime'),
  leavesIn: fc.integer({ min: 1, max: 72 }),
});
const offers = fc
  .array(fc.record({ intake: year, lengthYears: length }), { minLength: 30, maxLength: 60 })
  .map((all) => all.map((one): Offer => ({ ...one, majorCode: '710201', studyMode: 'fullTime', entry: 'juniorMiddle' })));
const born = fc.constantFrom('2009-05-05', '2016-09-01');

describe('a correction of study data (A11)', () => {
  it('names at least one value, each another than what stands, and what is put right holds together', () => {
    let taken = 0;
    fc.assert(
      fc.property(present, corrected, offers, born, ({ leavesIn, ...study }, change, offered, birthDate) => {
        const expectedLeavingOn = monthsLater('2026-07-01', leavesIn);
        const source = { id: 'west', track: 'vocational' as const, offers: offered };
        const facts = { student: { source, birthDate }, enrolment: { ...study, expectedLeavingOn, validFrom: '2014-01-01' } };
        const details = { majorDirection: undefined, ...change };
        const found = blockersOf(filing('studyCorrection', { ...facts, details }));
        const whole = { ...study, expectedLeavingOn };
        const after = correctedStudy(whole, change);
        const days = namedIn(change).some((field) => ['enrolledOn', 'lengthYears', 'grade'].includes(field));
        const placed = namedIn(change).some((field) => field === 'grade' || field === 'lengthYears');
        const right =
          namedIn(change).length > 0 &&
          namedIn(change).every((field) => change[field] !== study[field]) &&
          (!days || daysFaults({ ...after, birthDate }, TODAY, false).length === 0) &&
          (!placed || !placeFault(after, source)) &&
          (after.expectedLeavingOn === expectedLeavingOn || after.expectedLeavingOn > TODAY);
        expect([found.length === 0, found]).toEqual([right, right ? [] : expect.anything()]);
        taken += right ? 1 : 0;
      }),
      { numRuns: 5000, seed: 14 },
    );
    expect(taken).toBeGreaterThan(100);
  });

  it('changes what it names and the leaving day with it, and nothing else; the values replaced put it back', () => {
    fc.assert(
      fc.property(present, corrected, ({ leavesIn, ...study }, change) => {
        const whole = { ...study, expectedLeavingOn: monthsLater('2026-07-01', leavesIn) };
        const after = correctedStudy(whole, change);
        for (const field of STUDY_DATA) expect(after[field]).toEqual(change[field] ?? study[field]);
        expect([after.majorCode, after.studyMode]).toEqual([study.majorCode, study.studyMode]);
        const back = correctedStudy(after, replacedBy(change, whole) as CorrectedStudy);
        expect(back).toEqual(whole);
      }),
    );
  });

  it('moves the leaving day by the years of grade and length together', () => {
    const whole = { enrolledOn: '2026-09-01', lengthYears: 3, majorDirection: null, grade: '2026', expectedLeavingOn: '2029-06-30' };
    const leaving = (change: CorrectedStudy) => correctedStudy(whole, change).expectedLeavingOn;
    expect(leaving({ grade: '2025' })).toBe('2028-06-30');
    expect(leaving({ lengthYears: 3.5 })).toBe('2029-12-30');
    expect(leaving({ grade: '2025', lengthYears: 4 })).toBe('2029-06-30');
    expect(leaving({ enrolledOn: '2025-09-01', majorDirection: '网络安全' })).toBe('2029-06-30');
  });
});
