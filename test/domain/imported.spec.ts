import { pastVersionsOf, type ImportedEnrolment, type PastChange } from '../../src/domain/dossier/imported.js';

const PRESENT: ImportedEnrolment = {
  state: 'active',
  validFrom: '2023-09-01',
  since: '2023-09-01',
  suspendedUntil: null,
  validTo: null,
  grade: '2024',
  majorCode: '710201',
  studyMode: 'fullTime',
  className: '2024级1班',
};
const GRADUATED: ImportedEnrolment = { ...PRESENT, state: 'graduated', since: '2026-06-30', validTo: '2026-06-30', grade: '2023' };

const stood = (present: ImportedEnrolment, changes: readonly PastChange[]) => {
  const found = pastVersionsOf(present, changes);
  return 'faults' in found ? found.faults : found.versions.map(({ since, state, grade }) => `${since} ${state} ${grade}`);
};

describe('the history of an enrolment from before the system', () => {
  it('is the present alone where nothing changed', () => {
    expect(stood(PRESENT, [])).toEqual(['2023-09-01 active 2024']);
  });

  it('begins with the study, of who is suspended and of who has graduated', () => {
    const suspended = { ...PRESENT, state: 'suspended' as const, since: '2025-03-01', suspendedUntil: '2026-02-28' };
    expect(stood(suspended, [])).toEqual(['2023-09-01 active 2024', '2025-03-01 suspended 2024']);
    expect(stood(GRADUATED, [])).toEqual(['2023-09-01 active 2023', '2026-06-30 graduated 2023']);
  });

  it('is told backwards, because each change says what it found', () => {
    const changes: PastChange[] = [
      { kind: 'suspension', effectiveOn: '2024-03-01', until: '2024-08-31' },
      { kind: 'resumption', effectiveOn: '2024-09-01' },
      { kind: 'repeatYear', effectiveOn: '2024-09-01', before: { grade: '2023' } },
    ];
    expect(stood(PRESENT, changes)).toEqual([
      '2023-09-01 active 2023',
      '2024-03-01 suspended 2023',
      '2024-09-01 active 2023',
      '2024-09-01 active 2024',
    ]);
  });

  it('keeps the end behind every change', () => {
    expect(stood(GRADUATED, [{ kind: 'changeMajor', effectiveOn: '2024-02-20', before: { majorCode: '710202' } }])).toEqual([
      '2023-09-01 active 2023',
      '2024-02-20 active 2023',
      '2026-06-30 graduated 2023',
    ]);
  });

  it('says which change contradicts the others, lies outside the study, or does not say what it found', () => {
    expect(stood(PRESENT, [{ kind: 'suspension', effectiveOn: '2024-03-01' }])).toEqual([{ nth: 0, field: 'kind' }]);
    expect(stood(PRESENT, [{ kind: 'transfer', effectiveOn: '2022-03-01' }])).toEqual([{ nth: 0, field: 'effectiveOn' }]);
    expect(stood(GRADUATED, [{ kind: 'repeatYear', effectiveOn: '2026-07-01' }])).toEqual([
      { nth: 0, field: 'effectiveOn' },
      { nth: 0, field: 'before' },
    ]);
  });
});
