import { addDays, instantOf } from '../../src/domain/working-days.js';
import { as } from '../fixtures/client.js';
import { openClass } from '../fixtures/classes.js';
import { UNTIL } from '../fixtures/dates.js';
import { acrossCounties, Demonstration, type DemoOrganisation } from '../fixtures/demonstration.js';
import { staySignedIn } from '../fixtures/owner.js';
import { Story, until } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';
import { approvedByWhoMay, ledgerProblems, Rehearsal } from '../organisation-changes/rehearsal.js';

const reason = { reason: '按规定办理' };
const WAITS = { state: 'open', hold: { kind: 'awaitingEffect' } };

/** `merged` goes into `successor`, a school of another authority, and `gone` into `next`: both on the day before changes take effect. */
describe('what waits for its day, and what is undone, when schools merge (Art 12, R-14, A18, A19, A20)', () => {
  let system: System;
  let demo: Demonstration;
  let day: string;
  let [merged, successor, gone, next, third]: DemoOrganisation[] = [];
  const waiting: Record<string, Story> = {};
  const effected: Record<string, Story> = {};
  const at = (school: DemoOrganisation, office = 'schoolClerk') => as(system, demo.holder(school.id, office));
  const above = (school: DemoOrganisation) => as(system, demo.holder(school.parentId ?? '', 'authorityReviewer'));
  const dossier = async (school: DemoOrganisation, { studentId }: Story) =>
    (await (await at(school)).get(`/students/${studentId}/dossier`)).body as { state: string; schoolId: string; enrolment: object };

  beforeAll(async () => {
    system = await startSystem({ engine: 'time-skipping' });
    await staySignedIn(system);
    demo = await Demonstration.of(system);
    day = addDays(system.time.today(), 2);
    [successor, merged] = acrossCounties(demo) as [DemoOrganisation, DemoOrganisation];
    const others = demo.schools().filter(({ id, type }) => id !== merged?.id && id !== successor?.id && type === merged?.type);
    const province = (school: DemoOrganisation) => demo.at(school, 'province');
    [gone, next] = demo.pair((a, b) => others.includes(a) && others.includes(b) && province(a) === province(b));
    third = others.find(({ id }) => id !== gone?.id && id !== next?.id) as DemoOrganisation;
    const transfer = (from: DemoOrganisation, to: DemoOrganisation, effectiveOn?: string) =>
      Story.transfer(system, demo, [from, to], { details: { destinationSchoolId: to.id, ...(effectiveOn ? { effectiveOn } : {}) } });
    const suspension = (effectiveOn?: string) =>
      Story.within(system, demo, merged as DemoOrganisation, {
        kind: 'suspension',
        details: { ground: 'illness', until: UNTIL, ...(effectiveOn ? { effectiveOn } : {}) },
      });
    Object.assign(effected, {
      fromMerged: await transfer(merged, third),
      intoMerged: await transfer(third, merged),
      suspended: await suspension(),
      becomesOne: await transfer(merged, successor),
    });
    for (const story of Object.values(effected)) expect(await story.approveAll()).toMatchObject({ state: 'approved' });
    Object.assign(waiting, {
      within: await suspension(day),
      fromMerged: await transfer(merged, third, day),
      intoMerged: await transfer(third, merged, day),
      bothMerge: await transfer(merged, gone, day),
      becomesOne: await transfer(merged, successor, day),
      recalled: await suspension(day),
    });
    await placedInANamesake(waiting.intoMerged as Story);
    for (const story of Object.values(waiting)) expect(await story.approveAll()).toMatchObject(WAITS);
    const mergers = [await Rehearsal.started(system, demo, merged, successor), await Rehearsal.started(system, demo, gone, next)];
    await system.time.pass(instantOf(addDays(day, -1)) - system.time.now() + 60_000);
    for (const merger of mergers)
      await merger.untilItIs(
        ({ state, progress: { cases, dossiers } }) => state !== 'scheduled' && cases.left + dossiers.left === 0,
        'everything to have moved',
      );
  });
  afterAll(() => system?.stop());

  /** The merged school places the student in a class; the successor has an open one of the same name. */
  async function placedInANamesake(story: Story): Promise<void> {
    await story.decide('approve', { step: 'sourceSchool' });
    const { grade, majorCode } = (await (await at(third as DemoOrganisation)).get(`/students/${story.studentId}`)).body.enrolment;
    for (const school of [merged, successor] as DemoOrganisation[])
      await openClass(system, demo, school, { name: '同名班', grade, majorCode });
    const placed = await story.decide('approve', { step: 'destinationSchool', data: { className: '同名班', grade, majorCode } });
    expect(placed.status).toBe(200);
  }

  it('waits on, in sight of the successor and of its authority, and of nobody less than before', async () => {
    for (const [name, story] of Object.entries(waiting)) {
      const clerks = name === 'intoMerged' ? [third, successor] : name === 'fromMerged' ? [successor, third] : [successor];
      for (const school of clerks as DemoOrganisation[]) expect(await story.show(await at(school))).toMatchObject(WAITS);
      expect(await story.show(await above(successor as DemoOrganisation))).toMatchObject(WAITS);
    }
    expect(await waiting.bothMerge?.show(await at(next as DemoOrganisation))).toMatchObject(WAITS);
  });

  it('is taken back by the clerk of the successor, with a reason', async () => {
    const { id } = waiting.recalled as Story;
    const clerk = await at(successor as DemoOrganisation);
    expect(await clerk.post(`/change-requests/${id}/recall`, reason)).toMatchObject({ status: 200 });
    expect(await waiting.recalled?.settled()).toMatchObject({ state: 'recalled' });
  });

  it('takes effect on its day at the school of now', async () => {
    await system.time.pass(instantOf(day) - system.time.now() + 60_000);
    for (const [name, school, state] of [
      ['within', successor, 'suspended'],
      ['fromMerged', third, 'active'],
      ['intoMerged', successor, 'active'],
      ['bothMerge', next, 'active'],
      ['becomesOne', successor, 'active'],
    ] as const) {
      const story = waiting[name] as Story;
      const detail = await until(
        () => story.show(),
        (one) => one.state !== 'open' || one.hold?.kind === 'effectParked',
        `the effect of ${name}`,
      );
      expect([name, detail.state, detail.hold]).toEqual([name, 'approved', null]);
      expect(await dossier(school as DemoOrganisation, story)).toMatchObject({ state, schoolId: school?.id });
    }
    // The class that was meant goes on at the successor, beside its own of that name (0069).
    const { enrolment } = await dossier(successor as DemoOrganisation, waiting.intoMerged as Story);
    expect(enrolment).toMatchObject({ className: `同名班（${merged?.name}）` });
  });

  const undoing = (school: DemoOrganisation, { studentId, id }: Story) =>
    Story.within(system, demo, school, { kind: 'reinstatement', studentId, details: { requestId: id, ground: 'enteredByMistake' } });
  const sides = async (story: Story) => (await story.show()).steps.map(({ organisation }) => organisation.id);

  it('undoes a transfer out of the merged school: schools and authorities of now decide, and the successor has the student', async () => {
    const undone = await undoing(third as DemoOrganisation, effected.fromMerged as Story);
    const deciders = new Set(await sides(undone));
    for (const id of [third?.id, third?.parentId, successor?.id, successor?.parentId]) expect(deciders).toContain(id);
    for (const id of [merged?.id, merged?.parentId].filter((one) => one !== third?.parentId)) expect(deciders).not.toContain(id);
    expect(await approvedByWhoMay(undone)).toMatchObject({ state: 'approved' });
    expect(await dossier(successor as DemoOrganisation, undone)).toMatchObject({ state: 'active', schoolId: successor?.id });
  });

  it('undoes a transfer into the merged school, filed by the successor, and the other school has the student again', async () => {
    const undone = await undoing(successor as DemoOrganisation, effected.intoMerged as Story);
    expect(new Set(await sides(undone))).not.toContain(merged?.parentId === third?.parentId ? undefined : merged?.parentId);
    expect(await approvedByWhoMay(undone)).toMatchObject({ state: 'approved' });
    expect(await dossier(third as DemoOrganisation, undone)).toMatchObject({ state: 'active', schoolId: third?.id });
  });

  it('undoes a change within the merged school at the successor, whose authority decides', async () => {
    const undone = await undoing(successor as DemoOrganisation, effected.suspended as Story);
    expect(await sides(undone)).toEqual([successor?.id, successor?.parentId]);
    expect(await approvedByWhoMay(undone)).toMatchObject({ state: 'approved' });
    expect(await dossier(successor as DemoOrganisation, undone)).toMatchObject({ state: 'active', schoolId: successor?.id });
  });

  it('undoes a transfer between two schools that became one: it decides alone, and the former enrolment stands', async () => {
    const undone = await undoing(successor as DemoOrganisation, effected.becomesOne as Story);
    expect(new Set(await sides(undone))).toEqual(new Set([successor?.id, successor?.parentId]));
    expect(await approvedByWhoMay(undone)).toMatchObject({ state: 'approved' });
    expect(await dossier(successor as DemoOrganisation, undone)).toMatchObject({ state: 'active', schoolId: successor?.id });
  });

  it('leaves the ledger sound', async () => {
    expect(await ledgerProblems(system)).toEqual([]);
  });
});
