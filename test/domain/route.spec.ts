import fc from 'fast-check';
import { routeFor, type SchoolParty } from '../../src/domain/case/route.js';
import type { Party } from '../../src/domain/procedure/procedure.js';
import { NATIONAL_DEFAULT } from '../../src/domain/policy/policy.js';
import { EAST, FILER, policyWith, transferRoute, WEST } from '../fixtures/case.js';

const PARTIES: readonly Party[] = ['sourceSchool', 'destinationSchool', 'sourceAuthority', 'destinationAuthority'];
const ids = (route: ReturnType<typeof transferRoute>) => route.steps.map(({ id }) => id);
const stages = (route: ReturnType<typeof transferRoute>) => route.steps.map(({ stage }) => stage);

describe('the route of a transfer between vocational schools (R-16, A1)', () => {
  const route = transferRoute();

  it('goes from source school to destination school to source authority to destination authority, one after the other', () => {
    expect(route.steps.map(({ id, organisationId, stage }) => [id, organisationId, stage])).toEqual([
      ['sourceSchool', 'westSchool', 0],
      ['destinationSchool', 'eastSchool', 1],
      ['sourceAuthority', 'westCounty', 2],
      ['destinationAuthority', 'eastCounty', 3],
    ]);
  });

  it('gives each ten working days of its own (A2)', () => {
    expect(route.steps.map(({ workingDays }) => workingDays)).toEqual([10, 10, 10, 10]);
  });

  it('asks reviewers of schools and of authorities, and the destination school for the placement', () => {
    expect(route.steps.map(({ office, asks }) => [office, asks])).toEqual([
      ['schoolReviewer', undefined],
      ['schoolReviewer', 'placement'],
      ['authorityReviewer', undefined],
      ['authorityReviewer', undefined],
    ]);
  });

  it('names its filer, its parties and the policy it was filed under', () => {
    expect(route).toMatchObject({
      filer: { organisationId: 'westSchool', personId: FILER },
      parties: {
        sourceSchool: 'westSchool',
        destinationSchool: 'eastSchool',
        sourceAuthority: 'westCounty',
        destinationProvince: 'eastProvince',
      },
      policy: { id: 'national', version: 1 },
      procedureVersion: 1,
    });
  });
});

describe('the route of a transfer between a vocational and an ordinary school (R-18, A1, A23)', () => {
  it('begins with the destination side: its school, the source school, its authority, the source authority', () => {
    const route = transferRoute({ kind: 'crossTrackTransfer' });
    expect(ids(route)).toEqual(['destinationSchool', 'sourceSchool', 'destinationAuthority', 'sourceAuthority']);
    expect(route.filer.organisationId).toBe('eastSchool');
  });

  it('lets the authority of the side within the system record the answer of a school outside it', () => {
    const outside = transferRoute({ kind: 'crossTrackTransfer', source: { ...WEST, answersOutside: true } });
    expect(outside.steps.find(({ id }) => id === 'sourceSchool')).toMatchObject({
      organisationId: 'eastCounty',
      onBehalfOf: 'westSchool',
      office: 'authorityReviewer',
      capacities: ['sourceSchool'],
    });
  });

  it('does so for a destination outside the system too, still asking for the placement', () => {
    const outside = transferRoute({ kind: 'crossTrackTransfer', destination: { ...EAST, answersOutside: true } });
    expect(outside.steps[0]).toMatchObject({
      id: 'destinationSchool',
      organisationId: 'westCounty',
      onBehalfOf: 'eastSchool',
      asks: 'placement',
    });
  });

  it('keeps the recorded answer a step of its own when the recording authority stands on both sides', () => {
    const destination = { ...EAST, authorityId: 'westCounty', answersOutside: true };
    const route = transferRoute({ kind: 'crossTrackTransfer', destination });
    expect(route.steps.map(({ id, capacities }) => [id, capacities])).toEqual([
      ['destinationSchool', ['destinationSchool']],
      ['sourceSchool', ['sourceSchool']],
      ['destinationAuthority', ['destinationAuthority', 'sourceAuthority']],
    ]);
  });

  it('records nothing on behalf of a school within the system', () => {
    expect(transferRoute({ kind: 'crossTrackTransfer' }).steps.filter((step) => 'onBehalfOf' in step)).toEqual([]);
  });
});

describe('what a policy may set (A1, A17)', () => {
  it('puts the steps into the order of the policy', () => {
    const order: Party[] = ['destinationSchool', 'destinationAuthority', 'sourceSchool', 'sourceAuthority'];
    const route = transferRoute({ policy: policyWith({ order }) });
    expect([ids(route), stages(route)]).toEqual([order, [0, 1, 2, 3]]);
  });

  it('lets both authorities handle it at the same time', () => {
    expect(stages(transferRoute({ policy: policyWith({ parallelAuthorities: true }) }))).toEqual([0, 1, 2, 2]);
  });

  it('leaves authorities that a school stands between in stages of their own', () => {
    const order: Party[] = ['sourceSchool', 'sourceAuthority', 'destinationSchool', 'destinationAuthority'];
    expect(stages(transferRoute({ policy: policyWith({ order, parallelAuthorities: true }) }))).toEqual([0, 1, 2, 3]);
  });

  it('shortens the working days of a step', () => {
    const route = transferRoute({ policy: policyWith({ workingDays: { sourceAuthority: 5 } }) });
    expect(route.steps.map(({ workingDays }) => workingDays)).toEqual([10, 10, 5, 10]);
  });

  it('never lengthens them beyond the ten of Art 14', () => {
    const route = transferRoute({ policy: policyWith({ workingDays: { sourceSchool: 11, destinationAuthority: 30 } }) });
    expect(route.steps.map(({ workingDays }) => workingDays)).toEqual([10, 10, 10, 10]);
  });

  it.each([
    ['leaves a party out', ['sourceSchool', 'destinationSchool', 'sourceAuthority']],
    ['names a party twice', ['sourceSchool', 'sourceSchool', 'sourceAuthority', 'destinationAuthority']],
    ['asks a party one time too often', [...PARTIES, 'sourceSchool']],
  ] as [string, Party[]][])('makes no route from a policy that %s', (_, order) => {
    expect(() => transferRoute({ policy: policyWith({ order }) })).toThrow(/national/);
  });

  it('freezes the clocks of the policy of the day of filing into the route', () => {
    const policy = { ...NATIONAL_DEFAULT, version: 7, supplementWorkingDays: 6, remindBefore: [2], escalate: { after: 2, every: 3 } };
    expect(transferRoute({ policy })).toMatchObject({
      policy: { id: 'national', version: 7 },
      supplementWorkingDays: 6,
      leastRemainingWorkingDays: 3,
      remindBefore: [2],
      escalate: { after: 2, every: 3 },
    });
  });
});

describe('one authority on both sides (A1)', () => {
  const destination = { ...EAST, authorityId: 'westCounty', provinceId: 'westProvince' };

  it('decides once, in both capacities', () => {
    const { steps } = transferRoute({ destination });
    expect(steps.map(({ id, capacities }) => [id, capacities])).toEqual([
      ['sourceSchool', ['sourceSchool']],
      ['destinationSchool', ['destinationSchool']],
      ['sourceAuthority', ['sourceAuthority', 'destinationAuthority']],
    ]);
  });

  it('has the shorter of the two budgets', () => {
    const policy = policyWith({ workingDays: { destinationAuthority: 4 } });
    expect(transferRoute({ destination, policy }).steps.at(-1)?.workingDays).toBe(4);
  });
});

describe('filing with the provinces (R-17, A3)', () => {
  it('sends notices to both provincial authorities when they differ, and adds no step for them', () => {
    const route = transferRoute();
    expect(route.noticesTo).toEqual(['westProvince', 'eastProvince']);
    expect(route.steps).toHaveLength(4);
  });

  const blocking = { ...NATIONAL_DEFAULT, filing: { blocking: true } };

  it('has both provinces decide last where policy says so, and sends the notices all the same (A3)', () => {
    const route = transferRoute({ policy: blocking });
    expect(ids(route)).toEqual([...PARTIES, 'sourceProvince', 'destinationProvince']);
    expect(route.steps.slice(4).map(({ organisationId, capacities, office }) => [organisationId, capacities, office])).toEqual([
      ['westProvince', ['superior'], 'authorityReviewer'],
      ['eastProvince', ['superior'], 'authorityReviewer'],
    ]);
    expect(route.noticesTo).toEqual(['westProvince', 'eastProvince']);
    expect(ids(transferRoute({ policy: blocking, kind: 'crossTrackTransfer' })).slice(4)).toEqual([
      'sourceProvince',
      'destinationProvince',
    ]);
  });

  it('has no province decide within one, and a province that is the authority of its school once, in both capacities', () => {
    expect(ids(transferRoute({ policy: blocking, destination: { ...EAST, provinceId: 'westProvince' } }))).toEqual(PARTIES);
    const provinceRun = transferRoute({ policy: blocking, source: { ...WEST, authorityId: 'westProvince' } });
    expect(provinceRun.steps.map(({ organisationId, capacities }) => [organisationId, capacities])).toEqual([
      ['westSchool', ['sourceSchool']],
      ['eastSchool', ['destinationSchool']],
      ['eastCounty', ['destinationAuthority']],
      ['westProvince', ['sourceAuthority', 'superior']],
      ['eastProvince', ['superior']],
    ]);
  });

  it('sends none within one province', () => {
    expect(transferRoute({ destination: { ...EAST, provinceId: 'westProvince' } }).noticesTo).toEqual([]);
  });
});

it('has every party exactly once as a capacity, in unbroken stages, under whatever order, sides and policy (A1, A17)', () => {
  const side = (school: string) =>
    fc.record({
      schoolId: fc.constant(school),
      authorityId: fc.constantFrom('westCounty', 'eastCounty', 'westCity'),
      provinceId: fc.constantFrom('westProvince', 'eastProvince'),
      answersOutside: fc.boolean(),
    });
  const order = fc.shuffledSubarray([...PARTIES], { minLength: 4 });
  const days = fc.dictionary(fc.constantFrom(...PARTIES), fc.integer({ min: 1, max: 30 }));
  const kind = fc.constantFrom('transfer' as const, 'crossTrackTransfer' as const);
  fc.assert(
    fc.property(
      kind,
      side('westSchool'),
      side('eastSchool'),
      order,
      fc.boolean(),
      days,
      (kind, source, destination, order, parallel, days) => {
        const policy = policyWith({ order, parallelAuthorities: parallel, workingDays: days }, kind);
        const { steps } = transferRoute({ kind, source, destination, policy });
        expect(steps.flatMap(({ capacities }) => capacities).sort()).toEqual([...PARTIES].sort());
        expect(new Set(steps.map(({ id }) => id)).size).toBe(steps.length);
        expect(steps.every(({ stage }, i) => stage - (steps[i - 1]?.stage ?? -1) <= 1 && stage >= (steps[i - 1]?.stage ?? 0))).toBe(true);
        expect(steps.every(({ workingDays }) => workingDays >= 1 && workingDays <= 10)).toBe(true);
      },
    ),
  );
});

describe('the undoing of a transfer (A19)', () => {
  const undoing = (source: SchoolParty, destination?: SchoolParty, policy = NATIONAL_DEFAULT) =>
    routeFor('reinstatement', { source, destination, filer: { organisationId: source.schoolId, personId: 'the filer' } }, policy);

  it('is decided once by each side, on the days of the one side, and by the two provinces only if the province adds them', () => {
    const shorter = policyWith({ workingDays: { school: 3, authority: 5 } }, 'reinstatement');
    const { steps, parties, noticesTo } = undoing(EAST, WEST, { ...shorter, filing: { blocking: true } });
    expect(steps.map(({ id, organisationId, workingDays, asks }) => [id, organisationId, workingDays, asks])).toEqual([
      ['sourceSchool', 'eastSchool', 3, undefined],
      ['destinationSchool', 'westSchool', 3, undefined],
      ['sourceAuthority', 'eastCounty', 5, undefined],
      ['destinationAuthority', 'westCounty', 5, undefined],
    ]);
    expect([parties.sourceSchool, parties.destinationSchool, noticesTo]).toEqual([
      'eastSchool',
      'westSchool',
      ['eastProvince', 'westProvince'],
    ]);
  });

  it('is decided by one authority once where it stands on both sides, and of any other change by the school and its authority', () => {
    const one = undoing(EAST, { ...WEST, authorityId: 'eastCounty' });
    expect(one.steps.map(({ id }) => id)).toEqual(['sourceSchool', 'destinationSchool', 'sourceAuthority']);
    expect(undoing(EAST).steps.map(({ id, organisationId }) => [id, organisationId])).toEqual([
      ['school', 'eastSchool'],
      ['authority', 'eastCounty'],
    ]);
  });
});
