import { demoPacks } from '../../src/demo/policies.js';
import { ENROLMENT_STATES, stateAfter } from '../../src/domain/dossier.js';
import type { MessageCode } from '../../src/domain/messages.js';
import { NATIONAL_DEFAULT, OPTIONAL_RULES, type OptionalRule } from '../../src/domain/policy.js';
import { inherited, type PolicyContent } from '../../src/domain/policy-pack.js';
import { blockersOf, gradeNotEarlier, OPTIONAL } from '../../src/domain/preconditions/index.js';
import { isTransfer, KINDS, type Kind } from '../../src/domain/procedure.js';
import { addedFor, routeFor } from '../../src/domain/route.js';
import { remedyOf } from '../../src/domain/messages.js';
import { addDays } from '../../src/domain/working-days.js';
import { EAST, policyWith, WEST } from '../fixtures/case.js';
import { filing, TODAY, type Change } from '../fixtures/filing-facts.js';

const codes = (kind: Kind, change?: Change) => blockersOf(filing(kind, change)).map(({ code }) => code);
const under = (kind: Kind, rule: OptionalRule, change: Change = {}) =>
  codes(kind, { ...change, policy: { kinds: policyWith({ rules: [rule] }, kind).kinds } });

/** What every kind asks. */
const EVERY: readonly [MessageCode, Change][] = [
  ['evidence-missing', { facts: { evidence: 0 } }],
  ['no-second-reviewer', { facts: { otherReviewers: 0 } }],
  ['effective-date-out-of-range', { details: { effectiveOn: '2029-01-01', until: '2029-06-30' } }],
  ['change-already-open', { student: { openDeath: true } }],
];

/** What each kind asks besides: the code, what breaks it, and what just does not. */
const OWN: Readonly<Partial<Record<Kind, readonly [MessageCode, Change, Change][]>>> = {
  repeatYear: [
    ['grade-not-later', { details: { grade: '2025' } }, { details: { grade: '2026' } }],
    ['repeated-too-often', { student: { repeats: 1 } }, { student: { repeats: 0 } }],
  ],
  changeMajor: [['same-major', { details: { majorCode: '710201' } }, { details: { majorCode: '710202' } }]],
  changeStudyMode: [['same-study-mode', { details: { studyMode: 'fullTime' } }, { details: { studyMode: 'partTime' } }]],
  suspension: [
    ['suspension-ends-before-it-begins', { details: { until: TODAY } }, { details: { until: addDays(TODAY, 1) } }],
    ['suspension-too-long', { details: { until: '2027-09-04' } }, { details: { until: '2027-09-03' } }],
    ['suspended-too-often', { student: { suspensions: 2 } }, { student: { suspensions: 1 } }],
    [
      'suspended-too-often',
      { student: { suspensions: 2 } },
      { student: { suspensions: 9 }, details: { ground: 'military', until: '2031-01-01' } },
    ],
  ],
  withdrawal: [
    [
      'suspension-not-expired',
      { details: { ground: 'notResumed' }, enrolment: { state: 'suspended', suspendedUntil: TODAY } },
      { details: { ground: 'notResumed' }, enrolment: { state: 'suspended', suspendedUntil: addDays(TODAY, -1) } },
    ],
  ],
  death: [['date-in-future', { details: { diedOn: addDays(TODAY, 1) } }, { details: { diedOn: '2020-01-01' } }]],
  registrationException: [
    ['amendments-missing', { details: { action: 'amend', fields: [] } }, { details: { action: 'amend', fields: ['name'] } }],
    ['amendments-not-taken', { details: { fields: ['name'] } }, { details: { fields: [] } }],
  ],
  infoCorrection: [['date-in-future', { details: { proofReceivedOn: addDays(TODAY, 1) } }, { details: { proofReceivedOn: TODAY } }]],
  reinstatement: [
    ['nothing-to-undo', { facts: { cited: undefined } }, {}],
    ['nothing-to-undo', { facts: { cited: { kind: 'withdrawal', state: 'approved', endedTheEnrolment: false } } }, {}],
    // What a ruling or a claim has settled is no slip of a school.
    ...(['duplicateRuling', 'registrationException', 'transfer'] as const).map((kind): [MessageCode, Change, Change] => [
      'nothing-to-undo',
      { facts: { cited: { kind, state: 'approved', endedTheEnrolment: true } } },
      { facts: { cited: { kind: 'death', state: 'approved', endedTheEnrolment: true } } },
    ]),
  ],
};

describe.each(KINDS)('%s', (kind) => {
  it('is filed when nothing speaks against it', () => {
    expect(codes(kind)).toEqual([]);
  });

  it.each(EVERY)('is refused with %s like every kind', (code, change) => {
    // A correction may not lie ahead at all.
    expect(codes(kind, change).filter((one) => one !== 'date-in-future')).toEqual([code]);
  });

  it(`is refused while another request is open, but for a death (A16)`, () => {
    expect(codes(kind, { student: { openRequest: true } })).toEqual(kind === 'death' ? [] : ['change-already-open']);
  });

  it('waits while a ruling on a duplicate of the student is open, but for a death and a claim about another registration', () => {
    const free = kind === 'death' || kind === 'registrationException';
    expect(codes(kind, { student: { beingRuled: true } })).toEqual(free ? [] : ['duplicate-being-ruled']);
  });

  it.each(ENROLMENT_STATES)('of a student who is %s is as legal as the state model says', (state) => {
    const expected = stateAfter(kind, state) ? [] : ['illegal-transition'];
    expect(codes(kind, { enrolment: { state } })).toEqual(expected);
  });

  const own = OWN[kind] ?? [];
  if (own.length > 0)
    it.each(own)('is refused with %s, and not at the limit', (code, broken, sound) => {
      expect([codes(kind, broken), codes(kind, sound)]).toEqual([[code], []]);
    });
});

const source = (offers: { majors?: string[]; studyModes?: string[] }): Change => ({
  student: { source: { id: 'west', track: 'vocational', ...offers } },
});
/** The rules that a policy switches on: what breaks each, and what just does not. */
const SWITCHED: readonly [OptionalRule, Kind, Change, Change][] = [
  [
    'notUnderOneTerm',
    'changeMajor',
    { enrolment: { enrolledOn: addDays(TODAY, -139) } },
    { enrolment: { enrolledOn: addDays(TODAY, -140) } },
  ],
  [
    'notGraduatingGrade',
    'repeatYear',
    { enrolment: { expectedLeavingOn: addDays(TODAY, 364) } },
    { enrolment: { expectedLeavingOn: addDays(TODAY, 365) } },
  ],
  ['withinTransferWindow', 'transfer', { facts: { today: '2026-09-01' } }, { facts: { today: '2026-08-31' } }],
  [
    'enoughStudyRemaining',
    'crossTrackTransfer',
    { enrolment: { expectedLeavingOn: addDays(TODAY, 547) } },
    { enrolment: { expectedLeavingOn: addDays(TODAY, 548) } },
  ],
  ['atEndOfYear', 'repeatYear', { facts: { today: '2026-10-01' } }, { facts: { today: '2026-09-30' } }],
  ['withinFirstWeeks', 'changeMajor', { facts: { today: '2026-09-15' } }, { facts: { today: '2026-09-14' } }],
  ['majorOffered', 'changeMajor', source({ majors: ['710201'] }), source({ majors: ['710205'] })],
  ['studyModeLicensed', 'changeStudyMode', source({ studyModes: ['fullTime'] }), source({ studyModes: ['partTime'] })],
  [
    'businessAfterAYear',
    'suspension',
    { details: { ground: 'startingBusiness' }, enrolment: { enrolledOn: addDays(TODAY, -364) } },
    { details: { ground: 'startingBusiness' }, enrolment: { enrolledOn: addDays(TODAY, -365) } },
  ],
  ['resumptionNotice', 'resumption', { facts: { today: '2027-01-22' } }, { facts: { today: '2027-01-21' } }],
  [
    'minorNeedsGuardian',
    'withdrawal',
    { student: { minor: true }, facts: { application: { by: 'student', on: TODAY } } },
    { student: { minor: true }, facts: { application: { by: 'guardian', on: TODAY } } },
  ],
  ['minorNeedsGuardian', 'withdrawal', { student: { minor: true } }, { student: { minor: false } }],
  ['minorNeedsGuardian', 'withdrawal', { student: { minor: true } }, { student: { minor: true }, details: { ground: 'absence' } }],
];

describe('common practice, which a policy switches on', () => {
  it.each(SWITCHED)('%s holds for %s from its limit on, and names a remedy', (rule, kind, broken, sound) => {
    const { code } = OPTIONAL[rule];
    expect([under(kind, rule, broken), under(kind, rule, sound), codes(kind, broken)]).toEqual([[code], [], []]);
    expect(remedyOf(code)).toBeDefined();
  });

  it('resumptionGradeNotEarlier lets a school place a student in the former year of intake or a later one', () => {
    expect(['2024', '2025', '2026', undefined].map((grade) => gradeNotEarlier(grade, '2025')?.code)).toEqual([
      ...['grade-earlier', undefined, undefined, undefined],
    ]);
  });

  it('is tested for every rule there is, and means nothing for a kind that it is not about', () => {
    const tested = new Set<string>([...SWITCHED.map(([rule]) => rule), 'resumptionGradeNotEarlier']);
    expect(OPTIONAL_RULES.filter((rule) => !tested.has(rule))).toEqual([]);
    expect(under('death', 'atEndOfYear', { facts: { today: '2026-10-01' } })).toEqual([]);
  });

  it('is off in the national default but for a transfer in the first term or the graduating grade', () => {
    const on = KINDS.filter((kind) => NATIONAL_DEFAULT.kinds[kind].rules.length > 0);
    expect(on.filter((kind) => !isTransfer(kind))).toEqual([]);
  });
});

describe('an unnatural death', () => {
  const policy = { ...NATIONAL_DEFAULT, unnaturalDeath: ['superior' as const] };
  const stepsOf = (details: object, under = policy) =>
    routeFor(
      'death',
      { source: { ...WEST, superiorId: 'westCity' }, filer: { organisationId: 'westSchool', personId: 'x' } },
      under,
      addedFor('death', { ...details }, under),
    ).steps.map(({ id }) => id);

  it('goes to the superior too where policy says so, and only then', () => {
    expect(stepsOf({ unnatural: true })).toEqual(['school', 'authority', 'superior']);
    expect([stepsOf({ unnatural: false }), stepsOf({}), stepsOf({ unnatural: true }, { ...policy, unnaturalDeath: [] })]).toEqual(
      Array(3).fill(['school', 'authority']),
    );
  });
});

describe.each(demoPacks().map(({ id, content }) => [id, inherited<PolicyContent>(NATIONAL_DEFAULT, content)] as const))(
  'under the pack %s of the demonstration',
  (_, pack) => {
    const told = (kind: Kind, change: Change = {}) => new Set(codes(kind, { ...change, policy: pack }));
    /** What the pack switches on speaks of its own things; everything else is refused as before. */
    it.each(KINDS.flatMap((kind) => [...EVERY, ...(OWN[kind] ?? [])].map(([code, broken]) => [kind, code, broken] as const)))(
      '%s is refused with %s as the pack measures it',
      (kind, code, broken) => {
        const atOnce = told(kind, broken);
        const byThePackAlone = told(kind);
        expect([...byThePackAlone].filter((one) => !atOnce.has(one))).toEqual([]);
        const limited = { 'repeated-too-often': pack.limits.repeatYears > 1, 'suspended-too-often': pack.limits.suspensions > 2 };
        const tooLong = code === 'suspension-too-long' && pack.limits.suspensionMonths > NATIONAL_DEFAULT.limits.suspensionMonths;
        const unasked = code === 'evidence-missing' && pack.kinds[kind].leastEvidence === 0; // the demonstration's transfers
        const wider = tooLong || unasked || (limited as Partial<Record<MessageCode, boolean>>)[code] === true;
        expect(atOnce.has(code)).toBe(!wider);
      },
    );

    it.each(KINDS)('%s goes the way of school and authority, with what the pack adds, never longer than ten days a step', (kind) => {
      const destination = isTransfer(kind) ? EAST : undefined;
      const route = routeFor(
        kind,
        { source: WEST, destination, filer: { organisationId: 'westSchool', personId: 'p' } },
        { ...pack, id: 'x', version: 1 },
      );
      expect(route.steps.map(({ id }) => id)).toEqual(
        expect.arrayContaining(isTransfer(kind) ? ['sourceSchool', 'destinationSchool'] : ['school', 'authority']),
      );
      expect(route.steps.filter(({ workingDays }) => workingDays > 10)).toEqual([]);
    });
  },
);
