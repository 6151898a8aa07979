import { gradeInReach, leavingOnWith } from '../../src/domain/dossier/grades.js';
import { NATIONAL_DEFAULT, type OptionalRule } from '../../src/domain/policy/policy.js';
import { placementBlockers } from '../../src/domain/preconditions/index.js';
import { KINDS, type Kind } from '../../src/domain/procedure/procedure.js';

const TODAY = '2026-11-26';
const PRESENT = { grade: '2025', expectedLeavingOn: '2028-06-30' };
const inReach = (kind: Kind) =>
  Array.from({ length: 20 }, (_, i) => String(2015 + i)).filter((grade) => gradeInReach(kind, grade, PRESENT, TODAY));

describe('the year of intake in which a change places a student', () => {
  it.each([
    ['repeatYear', ['2026', '2027']],
    ['changeMajor', ['2025', '2026', '2027']],
    ['transfer', ['2024', '2025', '2026', '2027']],
    ['crossTrackTransfer', ['2024', '2025', '2026', '2027']],
    ['resumption', ['2025', '2026', '2027', '2028', '2029', '2030', '2031']],
  ] as const)('of a %s lies near the present one', (kind, grades) => {
    expect(inReach(kind)).toEqual(grades);
  });

  it('stays the present one under every other kind', () => {
    const moving = ['repeatYear', 'changeMajor', 'transfer', 'crossTrackTransfer', 'resumption'];
    const others = KINDS.filter((kind) => !moving.includes(kind));
    expect(others.map(inReach)).toEqual(others.map(() => ['2025']));
  });

  it('is none that has left already', () => {
    const last = { grade: '2024', expectedLeavingOn: '2027-11-27' };
    expect(gradeInReach('transfer', '2023', last, '2026-11-26')).toBe(true);
    expect(gradeInReach('transfer', '2023', last, '2026-11-27')).toBe(false);
    expect(gradeInReach('transfer', '2024', last, '2030-01-01')).toBe(true);
  });

  it('moves the expected leaving day by as many years, to the last day of a shorter month', () => {
    expect(['2024', '2025', '2027'].map((grade) => leavingOnWith(grade, PRESENT))).toEqual(['2027-06-30', '2028-06-30', '2030-06-30']);
    expect(leavingOnWith('2026', { grade: '2025', expectedLeavingOn: '2028-02-29' })).toBe('2029-02-28');
  });
});

describe('a placement', () => {
  const STUDY = { majorCode: '710201', studyMode: 'fullTime', lengthYears: 3 };
  const ENROLMENT = { ...PRESENT, ...STUDY, validFrom: '2025-09-01', since: '2025-09-01' };
  const under = (kind: Kind, rules: readonly OptionalRule[] = []) => ({
    kind,
    enrolment: ENROLMENT,
    place: { track: 'vocational' as const },
    today: TODAY,
    policy: { ...NATIONAL_DEFAULT, kinds: { ...NATIONAL_DEFAULT.kinds, [kind]: { ...NATIONAL_DEFAULT.kinds[kind], rules } } },
  });
  const told = (...args: Parameters<typeof placementBlockers>) =>
    placementBlockers(...args).map(({ code, pointer, owner }) => `${code} ${pointer} ${owner}`);

  it('is taken when it leaves everything as it is, and when grade and first day are near', () => {
    expect(told({}, under('transfer'))).toEqual([]);
    expect(told({ grade: '2026', firstDay: TODAY }, under('transfer'))).toEqual([]);
  });

  it('is refused with every field that is out of range, which the school that places clears', () => {
    expect(told({ grade: '2031', firstDay: '2025-09-01' }, under('transfer'))).toEqual([
      'effective-date-out-of-range /data/firstDay destinationSchool',
      'grade-out-of-reach /data/grade destinationSchool',
    ]);
    expect(told({ grade: '2032' }, under('resumption'))).toEqual(['grade-out-of-reach /data/grade filer']);
  });

  it('of a resumption is never in an earlier grade, whatever policy says', () => {
    expect(told({ grade: '2024' }, under('resumption'))).toEqual(['grade-earlier /data/grade filer']);
    expect(told({ grade: '2025' }, under('resumption'))).toEqual([]);
  });

  it('of a transfer is in the same category of majors where policy says so', () => {
    expect(told({ majorCode: '730101' }, under('transfer', ['similarMajor']))).toEqual([
      'major-not-similar /data/majorCode destinationSchool',
    ]);
    expect([told({ majorCode: '710204' }, under('transfer', ['similarMajor'])), told({ majorCode: '730101' }, under('transfer'))]).toEqual([
      [],
      [],
    ]);
  });
});
