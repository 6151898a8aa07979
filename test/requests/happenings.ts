import fc from 'fast-check';
import { KINDS, type Kind } from '../../src/domain/procedure/procedure.js';

/**
 * Two who study at either vocational school, in two provinces, one at the ordinary school, one whose registration is held, one whose is
 * pending.
 */
const [FIRST, SECOND, ORDINARY, HELD, PENDING] = [0, 1, 2, 3, 4];
const who = fc.constantFrom(FIRST, FIRST, SECOND, SECOND, ORDINARY, HELD, HELD, PENDING);
export type Verdict = 'approve' | 'reject';
const verdict = fc.constantFrom<Verdict>('approve', 'approve', 'approve', 'approve', 'approve', 'reject');
/**
 * What happens: somebody files for a student (`surely`: nothing may stand against it), the next holder decides or all of them do, the filer
 * recalls, days pass.
 */
export const happening = fc.oneof(
  {
    weight: 7,
    arbitrary: fc.record({ who, files: fc.constantFrom<Kind>(...KINDS), variant: fc.nat(3), surely: fc.constant<boolean>(false) }),
  },
  { weight: 8, arbitrary: fc.record({ who, decides: verdict, death: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ who, concluded: verdict }) },
  { weight: 1, arbitrary: fc.record({ who, recalls: fc.constant(true) }) },
  { weight: 2, arbitrary: fc.record({ days: fc.integer({ min: 1, max: 30 }) }) },
);
export type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

const concluded =
  (conclusion: Verdict) =>
  (student: number, ...kinds: Kind[]): Happening[] =>
    kinds.flatMap((files) => [
      { who: student, files, variant: 1, surely: true },
      { who: student, concluded: conclusion },
    ]);
const [approved, rejected] = [concluded('approve'), concluded('reject')];

/** Each kind approved at least once, in one life as far as it may be. */
export const ALL_APPROVED: Happening[] = [
  ...approved(FIRST, 'suspension', 'studyCorrection', 'resumption', 'repeatYear', 'changeMajor', 'changeStudyMode'),
  ...approved(FIRST, 'infoCorrection', 'studyCorrection', 'transfer'),
  ...approved(FIRST, 'crossTrackTransfer'),
  { days: 1 },
  ...approved(FIRST, 'crossTrackTransfer'),
  ...approved(FIRST, 'withdrawal', 'reinstatement', 'deregistration', 'reinstatement', 'death', 'infoCorrection', 'reinstatement'),
  ...approved(HELD, 'deregistration', 'reinstatement', 'registrationException', 'suspension', 'death', 'reinstatement', 'resumption'),
  ...approved(PENDING, 'death', 'reinstatement'),
];
/** And each rejected, with a death beside another request that then goes on. */
export const ALL_REJECTED: Happening[] = [
  ...rejected(FIRST, 'transfer', 'crossTrackTransfer', 'repeatYear', 'changeMajor', 'changeStudyMode', 'suspension', 'infoCorrection'),
  ...rejected(FIRST, 'studyCorrection', 'withdrawal', 'deregistration', 'death'),
  ...approved(FIRST, 'suspension'),
  ...rejected(FIRST, 'resumption'),
  ...approved(FIRST, 'withdrawal'),
  ...rejected(FIRST, 'reinstatement'),
  ...rejected(HELD, 'registrationException'),
  ...approved(HELD, 'registrationException'),
  ...rejected(ORDINARY, 'crossTrackTransfer'),
  ...approved(ORDINARY, 'crossTrackTransfer'),
  { who: SECOND, files: 'suspension', variant: 1, surely: true },
  ...rejected(SECOND, 'death'),
  { who: SECOND, concluded: 'approve' },
];
