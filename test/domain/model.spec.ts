import fc from 'fast-check';
import { isProcessAct } from '../../src/domain/case/act-kinds.js';
import type { Act } from '../../src/domain/case/acts.js';
import type { Move } from '../../src/domain/case/admissible.js';
import { openTasks, stepOf } from '../../src/domain/case/case.js';
import { next } from '../../src/domain/case/next.js';
import type { Actor } from '../../src/domain/offices.js';
import { instantOf } from '../../src/domain/working-days.js';
import { clerkOf, EAST, FILER, operator, policyWith, reviewerOf, supervisorOf, transferRoute, WEST } from '../fixtures/case.js';
import { World, type Fence } from './world.js';

const HOUR = 3_600_000;
const ORGANISATIONS = ['westSchool', 'eastSchool', 'westCounty', 'eastCounty', 'westCity', 'otherSchool'];
/** Where an operator sends the steps of each organisation. */
const REDIRECTS: Readonly<Record<string, string>> = { westSchool: 'otherSchool', eastSchool: 'otherSchool' };
const twoOffices: Actor = { personId: 'of two', offices: [...reviewerOf('westSchool').offices, ...reviewerOf('westCounty').offices] };
const theFiler: Actor = { personId: FILER, offices: [...clerkOf('westSchool').offices, ...reviewerOf('westSchool').offices] };
const PEOPLE: readonly Actor[] = [
  ...ORGANISATIONS.flatMap((at) => [reviewerOf(at), reviewerOf(at, `second of ${at}`)]),
  ...['westCounty', 'westCity', 'eastCounty', 'eastCity', 'westProvince'].map(supervisorOf),
  theFiler,
  twoOffices,
  clerkOf('westSchool', 'another clerk'),
  clerkOf('eastSchool'),
];

/** What happens next: a person moves, a run of the process thinks or acts, time passes, the world changes. */
const person = fc.record({
  who: fc.constantFrom(...PEOPLE),
  // Decisions often enough that many cases get far.
  wants: fc.oneof(
    { weight: 14, arbitrary: fc.constant('approve' as const) },
    { weight: 10, arbitrary: fc.constantFrom('return', 'supplement', 'supplement', 'claim', 'reassign', 'urge') },
    // Only who claimed a task releases it, so a release has to be wanted soon after a claim.
    { weight: 6, arbitrary: fc.constantFrom('claim', 'release', 'release') },
    { weight: 5, arbitrary: fc.constantFrom('retract', 'back', 'delegate', 'answerDelegation', 'answerDelegation', 'withdrawDelegation') },
    { weight: 2, arbitrary: fc.constantFrom('pause', 'continue', 'continue', 'extend', 'redirect', 'retry') },
    { weight: 1, arbitrary: fc.constantFrom('reject', 'recall', 'cancel') },
  ),
  // Mostly an open task as it stands; sometimes one long gone, or an old version of it.
  task: fc.nat(40),
  behind: fc.constantFrom(0, 0, 0, 0, 1),
});
const happening = fc.oneof(
  { weight: 8, arbitrary: person },
  // A turn of the process undisturbed, or its two halves with anything in between.
  { weight: 8, arbitrary: fc.record({ turns: fc.nat(1) }) },
  { weight: 3, arbitrary: fc.record({ thinks: fc.nat(1) }) },
  { weight: 3, arbitrary: fc.record({ performs: fc.nat(1) }) },
  { weight: 3, arbitrary: fc.record({ hours: fc.integer({ min: 1, max: 24 * 12 }) }) },
  { weight: 1, arbitrary: fc.record({ dies: fc.constantFrom(...ORGANISATIONS) }) },
  { weight: 1, arbitrary: fc.record({ effectFails: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ datedIn: fc.integer({ min: -10, max: 60 }) }) },
  { weight: 1, arbitrary: fc.record({ deathEffected: fc.integer({ min: 0, max: 5 }) }) },
);
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

const route = fc.record({ parallel: fc.boolean(), oneAuthority: fc.boolean(), outside: fc.boolean() }).map((chosen) =>
  transferRoute({
    source: { ...WEST, answersOutside: false },
    destination: { ...EAST, ...(chosen.oneAuthority ? { authorityId: 'westCounty' } : {}), answersOutside: chosen.outside },
    policy: policyWith({ parallelAuthorities: chosen.parallel }),
  }),
);

function moveOf(world: World, { wants, task: nth, behind, who }: Extract<Happening, { wants: string }>): { move: Move; by: Actor } {
  const open = openTasks(world.state);
  const past = world.acts.flatMap((act) => (act.kind === 'opened' ? [act.taskId] : []));
  const task = nth < 36 ? open[nth % Math.max(1, open.length)] : undefined;
  const taskId = task?.taskId ?? past[nth % Math.max(1, past.length)] ?? 'none';
  // Two times in three somebody of the holder moves, lest most moves be refused.
  const by =
    task && nth % 3 > 0
      ? (PEOPLE.filter((one) => one.offices.some((o) => o.office === task.office && o.organisationId === task.holder))[nth % 2] ?? who)
      : who;
  if (wants === 'release' && task?.claim)
    return { move: { do: wants, taskId }, by: PEOPLE.find((one) => one.personId === task.claim?.by) ?? by };
  // Nothing is left to approve once the effect is parked; what helps then is trying again.
  if (wants === 'approve' && world.state.parked) return { move: { do: 'retry' }, by: operator };
  if (wants === 'cancel' || wants === 'pause' || wants === 'continue' || wants === 'retry') return { move: { do: wants }, by: operator };
  if (wants === 'extend') return { move: { do: wants, taskId }, by: operator };
  if (wants === 'redirect') {
    const step = world.route.steps[nth % world.route.steps.length]!;
    return { move: { do: wants, step: step.id, to: REDIRECTS[step.organisationId] ?? 'westCity' }, by: operator };
  }
  if (wants === 'retract') {
    const last = world.acts.findLast((act) => act.kind === 'decided');
    return { move: { do: wants, taskId: last?.taskId ?? 'none' }, by: PEOPLE.find((one) => one.personId === last?.by?.personId) ?? by };
  }
  if (wants === 'delegate') return { move: { do: wants, taskId, to: `second of ${task?.holder}` }, by };
  if (wants === 'answerDelegation' || wants === 'withdrawDelegation') {
    const whose = wants === 'answerDelegation' ? task?.delegation?.to : task?.delegation?.by;
    return { move: { do: wants, taskId }, by: PEOPLE.find((one) => one.personId === whose) ?? by };
  }
  if (wants === 'back') {
    const to = world.route.steps[nth % world.route.steps.length]?.id;
    return { move: { do: 'decide', taskId, verdict: 'return', opinion: 'because', version: (task?.version ?? 1) - behind, to }, by };
  }
  if (wants === 'recall') return { move: { do: 'recall' }, by: nth < 20 ? theFiler : who };
  if (wants === 'urge' && nth % 2 > 0) return { move: { do: 'urge' }, by: theFiler };
  if (wants === 'supplement' || wants === 'claim' || wants === 'release' || wants === 'reassign' || wants === 'urge')
    return { move: { do: wants, taskId }, by };
  return { move: { do: 'decide', taskId, verdict: wants as 'approve', opinion: 'because', version: (task?.version ?? 1) - behind }, by };
}

function happens(world: World, what: Happening): void {
  if ('wants' in what) {
    const { move, by } = moveOf(world, what);
    world.moves(by, move, what.who.personId);
  } else if ('turns' in what) {
    world.thinks(what.turns);
    world.performs(what.turns);
  } else if ('thinks' in what) world.thinks(what.thinks);
  else if ('performs' in what) world.performs(what.performs);
  else if ('datedIn' in what) world.dated(what.datedIn);
  else if ('hours' in what) world.now += what.hours * HOUR;
  else if ('dies' in what) {
    if (!world.dead.delete(what.dies)) world.dead.add(what.dies);
  } else if ('deathEffected' in what) world.death(what.deathEffected === 0);
  else world.effectFails = what.effectFails;
}

const ofKind = <K extends Act['kind']>(world: World, kind: K) =>
  world.acts.filter((act): act is Extract<Act, { kind: K }> => act.kind === kind);
const twice = (ids: readonly string[]): string[] => ids.filter((id, i) => ids.indexOf(id) !== i);

/** After every happening; `expect` itself is too slow for a hundred thousand of them. */
function brokenNow(world: World): string | undefined {
  const open = openTasks(world.state);
  const stages = new Set(open.map(({ step }) => world.route.steps.find(({ id }) => id === step)?.stage));
  if (stages.size > 1) return 'two stages at once';
  const [stage] = stages;
  const before = world.route.steps.filter((step) => stage !== undefined && step.stage < stage);
  if (before.some(({ id }) => stepOf(world.state, id).status !== 'approved')) return 'a stage before the one before it is approved';
  const sent = new Set(open.flatMap((task) => task.sent.map((item) => `${task.taskId} ${item}`)));
  if (sent.size > 0 && world.agenda.some(({ taskId, what, n }) => sent.has(`${taskId} ${what}:${n}`))) return 'a message to go out again';
  if (world.state.held && (open.length > 0 || world.agenda.length > 0)) return 'a clock that runs while the case is held';
  return undefined;
}

/** Over the whole story. */
function heldThroughout(world: World): void {
  const decided = ofKind(world, 'decided');
  expect(twice(decided.map(({ taskId }) => taskId))).toEqual([]);
  expect(decided.filter(({ by }) => by === undefined || by.personId === FILER)).toEqual([]);
  const deciders = world.route.steps.map(({ id }) => [
    ...new Set(decided.flatMap(({ step, by }) => (step === id && by ? [by.personId] : []))),
  ]);
  expect(twice(deciders.flat())).toEqual([]);
  expect(twice(ofKind(world, 'opened').map(({ taskId }) => taskId))).toEqual([]);
  expect(twice(ofKind(world, 'reminded').map(({ taskId, workingDaysLeft }) => `${taskId} ${workingDaysLeft}`))).toEqual([]);
  const climbs = ofKind(world, 'escalated');
  expect(
    climbs.filter(({ taskId, level }, i) => level !== 1 + climbs.slice(0, i).filter((other) => other.taskId === taskId).length),
  ).toEqual([]);
  expect(ofKind(world, 'scheduled').length).toBeLessThanOrEqual(1);
  endsOnce(world);
  expect(world.rebuilt).toEqual(world.state);
  expect(next(world.rebuilt, world.agenda, world.now)).toEqual(next(world.state, world.agenda, world.now));
}

function endsOnce(world: World): void {
  const kinds = world.acts.map(({ kind }) => kind);
  const end = world.acts.findIndex(
    (act) =>
      act.kind === 'recalled' ||
      act.kind === 'superseded' ||
      act.kind === 'cancelled' ||
      act.kind === 'effected' ||
      (act.kind === 'decided' && act.verdict === 'reject'),
  );
  // Urging is a note, and harmless until the case is closed.
  if (end >= 0)
    expect(['', 'closed']).toContain(
      kinds
        .slice(end + 1)
        .filter(isProcessAct)
        .join(),
    );
  expect(kinds.filter((kind) => kind === 'effected').length).toBe(world.state.effected ? 1 : 0);
  if (kinds.includes('closed')) expect(kinds.indexOf('closed')).toBe(kinds.length - 1);
  const [day] = ofKind(world, 'scheduled').map(({ effectiveOn }) => instantOf(effectiveOn));
  expect(ofKind(world, 'effected').filter(({ at }) => at < (day ?? 0))).toEqual([]);
  if (world.state.effected) expect(world.route.steps.filter(({ id }) => stepOf(world.state, id).status !== 'approved')).toEqual([]);
}

const story = fc.array(happening, { minLength: 10, maxLength: 80, size: 'max' });
function lives(chosen: ReturnType<typeof transferRoute>, happenings: readonly Happening[], fence?: Fence): World {
  const world = new World(chosen, fence);
  for (const what of happenings) {
    happens(world, what);
    const broken = brokenNow(world);
    if (broken) throw new Error(broken);
  }
  heldThroughout(world);
  return world;
}

describe('one request, whatever persons and the process do in whatever order (invariants 1, 2, 5, 9)', () => {
  it('is decided at most once a task, never by the filer, one stage at a time, ends once, and is nothing but its acts', () => {
    const seen = new Map<string, number>();
    const count = (what: string) => seen.set(what, (seen.get(what) ?? 0) + 1);
    const stories = () =>
      fc.assert(
        fc.property(route, story, (chosen, happenings) => {
          const world = lives(chosen, happenings);
          for (const kind of new Set(world.acts.map(({ kind }) => kind))) count(kind);
          if (world.state.closed) count(`closed as ${world.state.closed}`);
        }),
        { numRuns: 4000 },
      );
    // The stories reach every kind of act, or the sentence above would say little.
    const reached = [
      'opened',
      'decided',
      'supplemented',
      'reassigned',
      'reminded',
      'escalated',
      'parked',
      'scheduled',
      'claimed',
      'released',
      'urged',
      'recalled',
      'held',
      'continued',
      'superseded',
      'retracted',
      'redirected',
      'extended',
      'retried',
      'delegated',
      'delegationEnded',
      'effected',
    ];
    const ends = ['closed as approved', 'closed as rejected', 'closed as recalled', 'closed as superseded', 'closed as cancelled'];
    const rare = () => [...reached, ...ends].filter((what) => (seen.get(what) ?? 0) < 10);
    // Some come about once in four hundred stories: how many four thousand hold is luck, whether more of them hold enough is not.
    for (let times = 0; times === 0 || (rare().length > 0 && times < 10); times += 1) stories();
    expect(rare()).toEqual([]);
  });

  it('comes to its end, as approved unless somebody ended it otherwise, once everybody does what is asked', () => {
    fc.assert(
      fc.property(route, story, (chosen, happenings) => {
        const world = lives(chosen, happenings);
        const otherwise = world.state.ending ?? world.state.closed;
        world.goesWell();
        expect(world.state.closed).toBe(otherwise ?? 'approved');
        heldThroughout(world);
        for (const which of [0, 1])
          expect([world.thinks(which), world.performs(which)]).toEqual([{ do: 'end', outcome: world.state.closed }, false]);
      }),
      { numRuns: 300 },
    );
  });

  it('would not be so if a run of the process could act on what it read too long ago', () => {
    const unfenced = fc.property(route, story, (chosen, happenings) => void lives(chosen, happenings, 'none'));

    expect(fc.check(unfenced, { numRuns: 1000 }).failed).toBe(true);
  });

  it('gives a run that reads process acts alone the same next move as one that reads everything', () => {
    fc.assert(
      fc.property(route, story, (chosen, happenings) => {
        const world = lives(chosen, happenings);
        expect(world.thinks(0)).toEqual(next(world.rebuilt, world.agenda, world.now));
        expect(world.state.seen).toBe(world.acts.findLast(({ kind }) => isProcessAct(kind))?.seq);
      }),
      { numRuns: 200 },
    );
  });
});
