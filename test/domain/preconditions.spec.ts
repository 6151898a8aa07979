import { ENROLMENT_STATES, isOnRoll, stateAfter } from '../../src/domain/dossier/dossier.js';
import { NATIONAL_DEFAULT, type OptionalRule } from '../../src/domain/policy/policy.js';
import { blockersOf, blockersTold, type AboutStudent, type Facts } from '../../src/domain/preconditions/index.js';
import type { TransferKind } from '../../src/domain/procedure/procedure.js';
import { addDays } from '../../src/domain/working-days.js';
import { policyWith } from '../fixtures/case.js';

const TODAY = '2026-11-23';
type Changes = Partial<Facts<TransferKind> & AboutStudent> & { effectiveOn?: string };
/** A transfer that nothing stands against, with some facts changed. */
const facts = ({ openRequest = false, source, enrolment, effectiveOn, ...change }: Changes = {}): Facts<TransferKind> => ({
  kind: 'transfer',
  policy: NATIONAL_DEFAULT,
  today: TODAY,
  evidence: 1,
  otherReviewers: 1,
  details: { destinationSchoolId: 'east', effectiveOn },
  destination: { id: 'east', track: 'vocational', closed: false },
  student: {
    openRequest,
    openDeath: false,
    suspensions: 0,
    repeats: 0,
    source: source ?? { id: 'west', track: 'vocational' },
    enrolment: enrolment ?? ENROLMENT,
  },
  ...change,
});
const ENROLMENT: AboutStudent['enrolment'] = {
  state: 'active',
  enrolledOn: '2025-09-01',
  expectedLeavingOn: '2028-07-01',
  validFrom: '2025-09-01',
  since: '2025-09-01',
  grade: '2025',
  majorCode: '710201',
  studyMode: 'fullTime',
  lengthYears: 3,
  suspendedUntil: null,
};
const codes = (change?: Changes) => blockersOf(facts(change)).map(({ code }) => code);
const enrolment = (change: Partial<AboutStudent['enrolment']>) => ({ enrolment: { ...ENROLMENT, ...change } });
const crossTrack = (to: 'vocational' | 'ordinary'): Changes => ({
  kind: 'crossTrackTransfer',
  source: { id: 'west', track: to === 'vocational' ? 'ordinary' : 'vocational' },
  destination: { id: 'east', track: to, closed: false },
});

describe('the blockers of a transfer', () => {
  it('are none for an active student, another open school, evidence and a second reviewer', () => {
    expect(blockersOf(facts())).toEqual([]);
  });

  it('are all named at once', () => {
    const everything = {
      evidence: 0,
      openRequest: true,
      otherReviewers: 0,
      effectiveOn: '1999-01-01',
      ...enrolment({ state: 'suspended', enrolledOn: TODAY, expectedLeavingOn: TODAY }),
      destination: { id: 'west', track: 'ordinary', closed: true } as const,
    };
    expect(codes(everything)).toEqual([
      'same-school',
      'wrong-track',
      'illegal-transition',
      'change-already-open',
      'effective-date-out-of-range',
      'under-one-term',
      'graduating-grade',
      'school-closed',
      'evidence-missing',
      'no-second-reviewer',
    ]);
  });

  it('point to the field when they lie in the input', () => {
    const pointers = (change: Changes) => blockersOf(facts(change)).map(({ pointer }) => pointer);
    expect(pointers({ destination: undefined })).toEqual(['/details/destinationSchoolId']);
    expect(pointers({ evidence: 0 })).toEqual(['/evidenceIds']);
    expect(pointers({ effectiveOn: '1999-01-01' })).toEqual(['/details/effectiveOn']);
    expect(pointers({ openRequest: true })).toEqual([undefined]);
  });

  it.each(ENROLMENT_STATES.filter((state) => state !== 'active'))('refuse a student who is %s (state model)', (state) => {
    expect(codes(enrolment({ state }))).toEqual(['illegal-transition']);
    expect(stateAfter('transfer', state)).toBeUndefined();
  });

  it('know that a transfer leaves the old enrolment as transferred out, and that active and suspended are held (R-10)', () => {
    expect(stateAfter('transfer', 'active')).toBe('transferredOut');
    expect(ENROLMENT_STATES.filter(isOnRoll)).toEqual(['active', 'suspended']);
  });

  it('send a transfer between tracks to the destination school, and one within a track back (R-16, R-18)', () => {
    expect(codes({ destination: { id: 'east', track: 'ordinary', closed: false } })).toEqual(['wrong-track']);
    expect(codes({ kind: 'crossTrackTransfer' })).toEqual(['wrong-track']);
    expect([codes(crossTrack('vocational')), codes(crossTrack('ordinary'))]).toEqual([[], []]);
  });

  it('tell the filer of a cross-track transfer one and the same reason for whatever is wrong on the other side (R-18)', () => {
    const told = (change: Changes) => blockersTold(facts({ ...crossTrack('vocational'), ...change })).map(({ code }) => code);
    const wrong: Changes[] = [{ openRequest: true }, enrolment({ state: 'suspended' }), { student: undefined }];
    expect(wrong.map(told)).toEqual(wrong.map(() => ['student-not-matched']));
    expect(told({ openRequest: true, evidence: 0 })).toEqual(['student-not-matched', 'evidence-missing']);
    expect(blockersTold(facts({ openRequest: true })).map(({ code }) => code)).toEqual(['change-already-open']);
  });

  it('obey a province that allows one direction between the tracks (A14)', () => {
    const policy = { ...NATIONAL_DEFAULT, directions: ['toVocational' as const] };
    expect(codes({ ...crossTrack('vocational'), policy })).toEqual([]);
    expect(codes({ ...crossTrack('ordinary'), policy })).toEqual(['direction-not-allowed']);
    expect(codes({ policy })).toEqual([]);
  });

  it('name as owner of a missing reviewer the authority of the school that files (A22)', () => {
    const owner = (change: Changes) => blockersOf(facts({ ...change, otherReviewers: 0 })).map(({ owner }) => owner);
    expect([owner({}), owner(crossTrack('vocational'))]).toEqual([['sourceAuthority'], ['destinationAuthority']]);
  });

  it('ask for as much evidence as the policy of the kind', () => {
    const policy = policyWith({ leastEvidence: 3 });
    expect([codes({ policy, evidence: 2 }), codes({ policy, evidence: 3 })]).toEqual([['evidence-missing'], []]);
  });

  it('allow an effective date from a year back to a year ahead, and only after the enrolment began (A20)', () => {
    const at = (effectiveOn: string) => codes({ effectiveOn, ...enrolment({ validFrom: '2024-09-01', since: '2024-09-01' }) });
    expect([addDays(TODAY, -365), TODAY, addDays(TODAY, 365)].flatMap(at)).toEqual([]);
    expect([addDays(TODAY, -366), addDays(TODAY, 366)].flatMap(at)).toEqual(Array(2).fill('effective-date-out-of-range'));
    expect(codes({ effectiveOn: TODAY, ...enrolment({ validFrom: TODAY }) })).toEqual(['effective-date-out-of-range']);
    expect(codes({ effectiveOn: addDays(TODAY, 1), ...enrolment({ validFrom: TODAY }) })).toEqual([]);
  });
});

describe('common practice, which a policy switches on', () => {
  const under = (rules: readonly OptionalRule[], change: Changes) => codes({ ...change, policy: policyWith({ rules }) });

  it('not in the first term: 140 days after enrolment at the earliest', () => {
    const on = (daysAgo: number) => enrolment({ enrolledOn: addDays(TODAY, -daysAgo) });
    expect([under(['notUnderOneTerm'], on(139)), under(['notUnderOneTerm'], on(140)), under([], on(1))]).toEqual([
      ['under-one-term'],
      [],
      [],
    ]);
  });

  it('not in the graduating grade: not in the last year before leaving', () => {
    const in_ = (days: number) => enrolment({ expectedLeavingOn: addDays(TODAY, days) });
    expect([under(['notGraduatingGrade'], in_(364)), under(['notGraduatingGrade'], in_(365)), under([], in_(1))]).toEqual([
      ['graduating-grade'],
      [],
      [],
    ]);
  });

  it('only in the transfer window: around the beginning of a term', () => {
    const months = Array.from({ length: 12 }, (_, i) => `2026-${String(i + 1).padStart(2, '0')}-10`);
    const allowed = months.filter((today) => under(['withinTransferWindow'], { today }).length === 0);
    expect(allowed).toEqual(['2026-01-10', '2026-02-10', '2026-07-10', '2026-08-10']);
  });
});
