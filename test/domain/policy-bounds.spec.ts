import fc from 'fast-check';
import { NATIONAL_DEFAULT, OPTIONAL_RULES, type Policy } from '../../src/domain/policy/policy.js';
import { boundFaults } from '../../src/domain/packs/policy-bounds.js';
import { differences, inherited, type PackContent } from '../../src/domain/packs/policy-pack.js';
import { isTransfer, KINDS, type Kind, type Party } from '../../src/domain/procedure/procedure.js';
import { PROCEDURES } from '../../src/domain/procedure/procedures.js';
import { longestWay, routeFor, type SchoolParty } from '../../src/domain/case/route.js';
import { EAST, FILER, WEST } from '../fixtures/case.js';

const under = (content: PackContent): Policy => inherited<Policy>(NATIONAL_DEFAULT, content);
const reasons = (content: PackContent) => boundFaults(under(content)).map(({ code, pointer }) => `${code} ${pointer}`);

describe('what a province leaves out of its pack (Art 28)', () => {
  it('is inherited key by key from the national default', () => {
    const policy = under({ kinds: { transfer: { workingDays: { sourceSchool: 5 } } }, limits: { suspensions: 3 } });
    expect(policy.kinds.transfer).toEqual({ ...NATIONAL_DEFAULT.kinds.transfer, workingDays: { sourceSchool: 5 } });
    expect(policy.limits).toEqual({ ...NATIONAL_DEFAULT.limits, suspensions: 3 });
    expect(policy.kinds.death).toEqual(NATIONAL_DEFAULT.kinds.death);
  });

  it('is not mixed into a list: a list is given whole', () => {
    expect(under({ remindBefore: [2] }).remindBefore).toEqual([2]);
    expect(under({ kinds: { transfer: { rules: [] } } }).kinds.transfer.rules).toEqual([]);
  });

  it('shows in the difference to another policy by its pointer, and what is the same does not', () => {
    expect(differences(NATIONAL_DEFAULT, under({ kinds: { death: { workingDays: { authority: 3 } } }, remindBefore: [2] }))).toEqual([
      { pointer: '/kinds/death/workingDays/authority', inForce: null, proposed: 3 },
      { pointer: '/remindBefore', inForce: [3, 1], proposed: [2] },
    ]);
  });
});

describe('the national bounds of a policy (A17)', () => {
  const order = (kind: Kind, ...parties: Party[]): PackContent => ({ kinds: { [kind]: { order: parties } } });

  it('admit the national default', () => {
    expect(boundFaults(NATIONAL_DEFAULT)).toEqual([]);
  });

  it.each<[string, PackContent, string[]]>([
    [
      'more than ten working days for a step',
      { kinds: { transfer: { workingDays: { sourceSchool: 11 } } } },
      ['longer-than-national /kinds/transfer/workingDays/sourceSchool'],
    ],
    ['no working day at all', { kinds: { death: { workingDays: { school: 0 } } } }, ['out-of-bounds /kinds/death/workingDays/school']],
    [
      'working days of a party that is not asked',
      { kinds: { death: { workingDays: { superior: 5 } } } },
      ['unknown-party /kinds/death/workingDays/superior'],
    ],
    ['an order that leaves a party out', order('suspension', 'school'), ['party-left-out /kinds/suspension/order']],
    ['an order that asks a party twice', order('death', 'school', 'authority', 'school'), ['party-twice /kinds/death/order/2']],
    ['a party of another kind', order('death', 'school', 'authority', 'sourceSuperior'), ['unknown-party /kinds/death/order/2']],
    ['an authority before its school (Art 15)', order('withdrawal', 'authority', 'school'), ['out-of-sequence /kinds/withdrawal/order/0']],
    [
      'a superior before the authority that it stands above',
      order('reinstatement', 'school', 'superior', 'authority'),
      ['out-of-sequence /kinds/reinstatement/order/1'],
    ],
    [
      'authorities side by side where the steps go in sequence (Art 15)',
      { kinds: { suspension: { parallelAuthorities: true } } },
      ['parallel-not-possible /kinds/suspension/parallelAuthorities'],
    ],
    [
      'authorities side by side with a school between them',
      {
        kinds: {
          transfer: { parallelAuthorities: true, order: ['sourceSchool', 'sourceAuthority', 'destinationSchool', 'destinationAuthority'] },
        },
      },
      ['parallel-not-possible /kinds/transfer/parallelAuthorities'],
    ],
    ['evidence that is not named', { kinds: { death: { evidence: [] } } }, ['evidence-not-named /kinds/death/evidence']],
    [
      'two documents of one name, a ground without a name and one that the kind has not',
      {
        kinds: {
          suspension: {
            evidence: [
              { id: 'proof', zh: '证明', en: 'proof', grounds: ['illness', 'mood'] },
              { id: 'proof', zh: '证明', en: 'proof' },
              { zh: '证明', en: 'proof', grounds: ['illness'] },
            ],
          },
        },
      },
      [
        'unknown-ground /kinds/suspension/evidence/0/grounds/1',
        'evidence-id-twice /kinds/suspension/evidence/1/id',
        'evidence-without-id /kinds/suspension/evidence/2/grounds',
      ],
    ],
    ...(['registrationException', 'transfer', 'withdrawal', 'infoCorrection'] as const).map((kind): [string, PackContent, string[]] => [
      `no evidence of a ${kind} (Art 11, 14 ¶1, 15, 16)`,
      { kinds: { [kind]: { leastEvidence: 0 } } },
      [`out-of-bounds /kinds/${kind}/leastEvidence`],
    ]),
    ['more evidence than can be handed in', { kinds: { death: { leastEvidence: 21 } } }, ['out-of-bounds /kinds/death/leastEvidence']],
    [
      'a window for reporting a death',
      { kinds: { death: { rules: ['withinTransferWindow'] } } },
      ['rule-does-not-apply /kinds/death/rules/0'],
    ],
    ['a transfer window that never opens', { limits: { transferMonths: [] } }, ['window-never-opens /limits/transferMonths']],
    ['a window of no days', { limits: { changeMajorDays: 0 } }, ['window-never-opens /limits/changeMajorDays']],
    ['a transfer in no term of study', { limits: { transferTerms: [] } }, ['window-never-opens /limits/transferTerms']],
    ['another major in an eleventh term', { limits: { changeMajorTerms: [1, 11] } }, ['out-of-bounds /limits/changeMajorTerms/1']],
    ['a share of none', { limits: { repeatSharePercent: 0 } }, ['out-of-bounds /limits/repeatSharePercent']],
    ['suspensions of seven years together', { limits: { suspendedMonths: 84 } }, ['out-of-bounds /limits/suspendedMonths']],
    ['terms that never start', { limits: { termStarts: [] } }, ['window-never-opens /limits/termStarts']],
    ['a term that starts on no real day', { limits: { termStarts: ['02-30'] } }, ['out-of-bounds /limits/termStarts/0']],
    ['a thirteenth month', { limits: { repeatMonths: [6, 13] } }, ['out-of-bounds /limits/repeatMonths/1']],
    [
      'schools that begin a term five weeks apart from the province',
      { limits: { termShiftDays: 35 } },
      ['out-of-bounds /limits/termShiftDays'],
    ],
    ['no suspension at all', { limits: { suspensions: 0 } }, ['out-of-bounds /limits/suspensions']],
    ['a suspension of four years', { limits: { suspensionMonths: 48 } }, ['out-of-bounds /limits/suspensionMonths']],
    [
      'a reminder before the suspension begins',
      { limits: { suspensionMonths: 3, resumptionReminderDays: 85 } },
      ['reminder-never-sent /limits/resumptionReminderDays'],
    ],
    ['no direction between the tracks', { directions: [] }, ['no-direction-left /directions']],
    ['a longer supplement', { supplementWorkingDays: 15 }, ['out-of-bounds /supplementWorkingDays']],
    ['less than three days left after a supplement', { leastRemainingWorkingDays: 2 }, ['out-of-bounds /leastRemainingWorkingDays']],
    ['a reminder on or after the due date', { remindBefore: [1, 0] }, ['reminder-after-due /remindBefore/1']],
    ['a reminder before any task arrives', { remindBefore: [10, 1] }, ['reminder-never-sent /remindBefore/0']],
    ['no reminder', { remindBefore: [] }, ['no-reminder /remindBefore']],
    ['a first escalation later than the nation has it', { escalate: { after: 2 } }, ['longer-than-national /escalate/after']],
    ['an escalation on the due date itself', { escalate: { after: 0 } }, ['out-of-bounds /escalate/after']],
    ['a ladder that reaches neither the next superior nor the province', { escalateTo: ['between'] }, ['nobody-told /escalateTo']],
    ['a ladder without a rung', { escalateTo: [] }, ['nobody-told /escalateTo']],
    ['a new name that must be reported within days', { effectiveDaysBack: 10 }, ['out-of-bounds /effectiveDaysBack']],
    ['a proof that may lie longer than the regulation has it', { proofWorkingDays: 11 }, ['longer-than-national /proofWorkingDays']],
    ['a record that may be built later', { registerWorkingDays: 21 }, ['longer-than-national /registerWorkingDays']],
    ['a record that is late as soon as somebody reports', { registerWorkingDays: 0 }, ['out-of-bounds /registerWorkingDays']],
    ['a term that may be registered later', { termRegistrationWorkingDays: 21 }, ['longer-than-national /termRegistrationWorkingDays']],
    [
      'a reminder before the term begins',
      { termRegistrationWorkingDays: 5, termReminderWorkingDays: 5 },
      ['reminder-never-sent /termReminderWorkingDays'],
    ],
    [
      'working days of a province that is not asked',
      { kinds: { transfer: { workingDays: { sourceProvince: 5 } } } },
      ['unknown-party /kinds/transfer/workingDays/sourceProvince'],
    ],
    [
      'a province before the authority that it stands above',
      order('transfer', 'sourceSchool', 'destinationSchool', 'sourceProvince', 'sourceAuthority', 'destinationAuthority'),
      ['out-of-sequence /kinds/transfer/order/2'],
    ],
    ['requests that never grow stale', { stale: { afterMonths: 99 } }, ['out-of-bounds /stale/afterMonths']],
  ])('refuse %s', (_, content, expected) => {
    expect(reasons(content)).toEqual(expected);
  });

  it('let a province close its late window, decide on transfers between provinces and say how soon', () => {
    const filing = { blocking: true };
    expect(reasons({ filing, kinds: { crossTrackTransfer: { workingDays: { destinationProvince: 5 } } } })).toEqual([]);
    expect(reasons({ filing, kinds: { death: { workingDays: { sourceProvince: 5 } } } })).toEqual([
      'unknown-party /kinds/death/workingDays/sourceProvince',
    ]);
  });

  it('name all reasons at once, each with its article', () => {
    const faults = boundFaults(
      under({ kinds: { transfer: { order: ['sourceSchool'], workingDays: { sourceSchool: 12 } } }, directions: [], remindBefore: [] }),
    );
    expect(faults.map(({ code }) => code).sort()).toEqual(
      ['longer-than-national', 'no-direction-left', 'no-reminder', 'party-left-out', 'party-left-out', 'party-left-out'].sort(),
    );
    expect(faults.filter(({ article }) => !/^(Art \d+|A\d+)/.test(article))).toEqual([]);
    expect(faults.find(({ code }) => code === 'longer-than-national')).toMatchObject({ article: 'Art 14', detail: '12: at most 10' });
  });
});

const days = fc.integer({ min: 1, max: 11 });

/** Packs of a kind that are mostly within the bounds. */
const kindPack = (kind: Kind) => {
  const { steps, mayAdd } = PROCEDURES[kind];
  const parties = [...steps, ...mayAdd].map(({ party }) => party);
  return fc.record(
    {
      order: fc.oneof(fc.shuffledSubarray(parties, { minLength: steps.length }), fc.constant(steps.map(({ party }) => party))),
      parallelAuthorities: fc.boolean(),
      workingDays: fc.dictionary(fc.constantFrom(...steps.map(({ party }) => party)), days),
      deadlineScope: fc.constantFrom('each' as const, 'total' as const),
      rules: fc.subarray([...OPTIONAL_RULES], { maxLength: 2 }),
    },
    { requiredKeys: [] },
  );
};
const pack = fc.constantFrom(...KINDS).chain((kind) =>
  fc.record({
    kind: fc.constant(kind),
    content: fc.record(
      {
        kinds: kindPack(kind).map((rules) => ({ [kind]: rules })),
        remindBefore: fc.uniqueArray(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 3 }),
        leastRemainingWorkingDays: fc.integer({ min: 2, max: 6 }),
      },
      { requiredKeys: ['kinds'] },
    ),
  }),
);
const side = (of: SchoolParty) =>
  fc.record({
    schoolId: fc.constant(of.schoolId),
    authorityId: fc.constantFrom('westCounty', 'eastCounty', 'westCity'),
    superiorId: fc.constantFrom('westCity', 'westProvince', null),
    provinceId: fc.constantFrom('westProvince', 'eastProvince'),
    answersOutside: fc.boolean(),
  });

describe('a pack within the bounds', () => {
  it('yields a route for every kind and parties, with each party of the regulation and at most ten working days a step', () => {
    fc.assert(
      fc.property(pack, side(WEST), side(EAST), ({ kind, content }, source, other) => {
        const policy = under(content as PackContent);
        fc.pre(boundFaults(policy).length === 0);
        for (const one of [kind, ...KINDS]) {
          const destination = isTransfer(one) ? other : undefined;
          const route = routeFor(one, { source, destination, filer: { organisationId: source.schoolId, personId: FILER } }, policy);
          const capacities = route.steps.flatMap((step) => step.capacities);
          for (const { party } of PROCEDURES[one].steps) expect(capacities).toContain(party);
          expect(route.steps.filter(({ workingDays }) => !(workingDays >= 1 && workingDays <= 10))).toEqual([]);
          expect(longestWay(route)).toBeLessThanOrEqual(10 * route.steps.length);
          expect(route.remindBefore.filter((n) => n < 1 || n > 9)).toEqual([]);
          expect(route.leastRemainingWorkingDays).toBeGreaterThanOrEqual(3);
        }
      }),
      { numRuns: 250, maxSkipsPerRun: 100 },
    );
  });
});
