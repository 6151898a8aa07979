import { rmSync } from 'node:fs';
import path from 'node:path';
import type { Connection } from '@temporalio/client';
import pino from 'pino';
import { freePort } from '../../local/ports.js';
import { startTemporal, type RunningTemporal } from '../../local/temporal.js';
import { inScope } from '../../src/platform/database/in-scope.js';
import { CASE_KINDS } from '../../src/domain/procedure/procedure.js';
import { ORDERS } from '../../src/cases/order-wakes.js';
import { Reconciler } from '../../src/cases/reconciler.js';
import { restartCases, whichFrom, type Which } from '../../src/programs/restart-cases.js';
import { registerSearchAttributes } from '../../src/platform/temporal/search-attributes.js';
import { as } from '../fixtures/client.js';
import { acrossCounties, acrossProvinces, Demonstration, type DemoOrganisation } from '../fixtures/demonstration.js';
import { Dispute } from '../fixtures/disputes.js';
import { inLanes } from '../fixtures/lanes.js';
import { OrderTold } from '../fixtures/orders.js';
import { asOwner } from '../fixtures/owner.js';
import { stageOf, standing, workflowOf } from '../fixtures/process.js';
import { Story, until, type Detail } from '../fixtures/story.js';
import { startSystem, type RunningWorker, type System } from '../fixtures/system.js';
import { long, sized } from '../fixtures/profile.js';
import { UNTIL } from '../fixtures/dates.js';

/** Kinds and details that any student of the demonstration may be filed for. */
const WITHIN: readonly [kind: string, details: object][] = [
  ['suspension', { ground: 'illness', until: UNTIL }],
  ['changeMajor', { ground: 'aptitude' }],
  ['repeatYear', {}],
  ['changeStudyMode', { studyMode: 'partTime', lengthYears: 4 }],
  ['withdrawal', { ground: 'ownApplication' }],
  ['deregistration', { cause: 'lapsed' }],
  ['death', { diedOn: '2026-10-01' }],
];

/** So many reviewers at a time: what is measured is where the cases stand, not how many clients the machine bears. */
const AT_ONCE = 8;

describe('cases restarted from the ledger', () => {
  let temporal: RunningTemporal;
  let system: System;
  let demo: Demonstration;
  let worker: RunningWorker;
  let port: number;
  const folder = (name: string) => path.join(process.env.TEST_ENGINES_DIR ?? '', name);
  const serve = (name: string) => startTemporal({ dir: folder(name), port, headless: true, logFile: folder(`${name}.log`) });

  beforeAll(async () => {
    port = await freePort();
    temporal = await serve('first');
    system = await startSystem({ engine: 'server', worker: false, temporalAddress: temporal.address });
    worker = await system.startWorker();
    demo = await Demonstration.of(system);
  });
  afterAll(async () => {
    await system?.stop();
    await temporal?.stop();
  });

  const restart = (which: Which) => {
    const { db, client, config } = system;
    return restartCases({ db, client, taskQueue: config.temporal.taskQueue, log: pino({ level: 'silent' }) }, which);
  };
  const runOf = async (story: Story) => (await (await workflowOf(story)).describe()).runId;

  /** Stands somewhere else for each n: untouched, half way, returned to the filer, paused, taken back, re-routed. */
  async function brought(story: Story, n: number): Promise<Story> {
    const operator = await as(system, 'operator');
    const [first] = (await story.settled()).currentTasks;
    if (n % 6 === 1 || n % 6 === 4) await story.decide('approve', { step: first?.step });
    if (n % 6 === 2) await story.decide('return', { opinion: '缺材料' });
    if (n % 6 === 3) await operator.post(`/change-requests/${story.id}/pause`, { cause: 'courtOrder', reason: '法院裁定' });
    if (n % 6 === 4 && first) {
      await story.settled();
      const { status } = await (await story.reviewer(first)).post(`/tasks/${first.id}/retraction`, { reason: '误点' });
      expect(status).toBe(200);
    }
    if (n % 6 === 5) await operator.post(`/change-requests/${story.id}/deadline`, { taskId: first?.id, workingDays: 3, reason: '疫情' });
    await story.settled();
    return story;
  }

  async function anotherMajor(school: DemoOrganisation, studentId: string): Promise<string> {
    const clerk = await as(system, demo.holder(school.id, 'schoolClerk'));
    const { body } = await clerk.get<{ enrolment: { majorCode: string } }>(`/students/${studentId}`);
    return body.enrolment.majorCode === '710205' ? '710201' : '710205';
  }

  async function atASchool(n: number): Promise<Story> {
    const school = acrossCounties(demo)[n % 2] as DemoOrganisation;
    const [kind = '', fixed = {}] = WITHIN[n % WITHIN.length] ?? [];
    const studentId = demo.student(school.id);
    const details = kind === 'changeMajor' ? { ...fixed, majorCode: await anotherMajor(school, studentId) } : fixed;
    return brought(await Story.within(system, demo, school, { kind, studentId, details }), n);
  }
  const across = async (n: number) => brought(await Story.transfer(system, demo, acrossCounties(demo)), n);

  function openCases(times: number): Promise<Story[]> {
    const wanted = Array.from({ length: times * 6 }, (_, n) => [() => atASchool(n), ...(n % 2 === 0 ? [() => across(n / 2)] : [])]);
    return inLanes(AT_ONCE, wanted.flat(), (one) => one());
  }

  /** One of each kind that needs more than a student who studies: the whole of a matter, and every open case that comes of it. */
  async function otherKinds(): Promise<Story[]> {
    const [school, across] = acrossCounties(demo);
    const vocational = demo.schools().find(({ parentId }) => demo.schools('ordinary').some((one) => one.parentId === parentId)) ?? school;
    const [ordinary] = demo.schools('ordinary').filter(({ parentId }) => parentId === vocational.parentId);
    const within = (kind: string, details: object, studentId = demo.student(school.id)) =>
      Story.within(system, demo, school, { kind, studentId, details });
    const withdrawn = await within('withdrawal', { ground: 'ownApplication' });
    expect((await withdrawn.approveAll()).state).toBe('approved');
    const undone = { requestId: withdrawn.id, ground: 'enteredByMistake' };
    const [disputed, other] = [
      await Dispute.between(system, demo, acrossProvinces(demo)),
      await Dispute.between(system, demo, acrossProvinces(demo)),
    ];
    return [
      await Story.crossTrack(system, demo, [vocational, ordinary ?? across]),
      await within('resumption', {}, demo.student(school.id, 'suspended')),
      await within('infoCorrection', { changes: { name: '欧阳远舟' }, proofReceivedOn: system.time.today() }),
      await within('studyCorrection', { majorDirection: '移动应用开发' }),
      await within('reinstatement', undone, withdrawn.studentId),
      await disputed.claim('B'),
      await other.bothApproved(),
      await Story.batch(system, demo, school, 'intake'),
      await Story.batch(system, demo, school, 'graduation'),
    ];
  }

  /** Cases that stand where a plain one does not come: on a second visit, claimed, delegated, redirected, held by a death, parked. */
  async function otherStandings(): Promise<Story[]> {
    const [again, claimed, delegated, redirected, held] = [
      await plain(), await plain(), await plain(), await plain(), await plain(),
    ]; // prettier-ignore
    await again.decide('return', { opinion: '缺材料' });
    await again.task();
    const supplement = { evidenceIds: [await again.filer.evidence()], note: '已补齐' };
    expect((await again.filer.post(`/change-requests/${again.id}/supplement`, supplement)).status).toBe(200);
    await taken(claimed, 'claim');
    const { id: colleague } = (await (await claimed.reviewer(await claimed.task(), 1)).get<{ id: string }>('/me')).body;
    await taken(delegated, 'delegation', { to: colleague, question: '请核对户籍材料' });
    const [elsewhere, closed] = demo.schools().filter(({ id }) => id !== held.source.id && id !== held.destination.id);
    const operator = await as(system, 'operator');
    const reroute = { step: 'sourceSchool', to: elsewhere?.id, reason: '回避' };
    expect((await operator.post(`/change-requests/${redirected.id}/reroute`, reroute)).status).toBe(200);
    const { source, studentId } = held;
    const death = await Story.within(system, demo, source, { kind: 'death', studentId, details: { diedOn: '2026-10-01' } });
    const parked = await Story.transfer(system, demo, [source, closed as DemoOrganisation]);
    for (let last = false; !last;) {
      last = (await parked.settled()).steps.filter(({ state }) => state !== 'approved').length === 1;
      if (last) await asOwner(system, 'update organisation set closed_on = $2 where id = $1', [closed?.id, system.time.today()]);
      expect((await parked.decide('approve')).status).toBe(200);
    }
    await until(() => parked.show(), ({ hold }) => hold?.kind === 'effectParked', 'the parked effect'); // prettier-ignore
    const stories = [again, claimed, delegated, redirected, held, death, parked];
    await Promise.all(stories.map((story) => story.settled()));
    return stories;
  }
  const plain = () => Story.transfer(system, demo, acrossCounties(demo));
  async function taken(story: Story, how: string, body: object = {}): Promise<void> {
    const task = await story.task('sourceSchool');
    expect((await (await story.reviewer(task)).post(`/tasks/${task.id}/${how}`, body)).status).toBe(200);
  }

  /** Where an operator must see the case stand, from what the API shows of it. */
  function stageFrom({ hold, currentTasks }: Detail): string[] {
    if (hold?.kind === 'paused') return [`held:${hold.cause}`];
    if (hold?.kind === 'effectParked') return [`parked:${hold.cause}`];
    return currentTasks.map(({ capacity, step }) => (capacity === 'supplement' ? `supplement:${step}` : step));
  }

  /** The kinds of what is open, and of whoever the lost runs belonged to. */
  async function openKinds(): Promise<string[]> {
    const rows = await inScope(system.db, 'system', (tx) =>
      tx.query<{ kind: string }[]>(`select distinct kind from change_request where state = 'open' order by kind`),
    );
    return rows.map(({ kind }) => kind);
  }
  const orderRuns = async ({ number }: { number: string }) =>
    (await system.client.workflow.getHandle(`order/${number}`).describe().catch(() => undefined))?.status.name; // prettier-ignore

  long('stand where they stood after Temporal’s whole database is gone, whatever their kind, and go on to their end', async () => {
    const many = await openCases(sized(4, 23));
    const rare = [...(await otherKinds()), ...(await otherStandings())];
    const stories = [...many, ...rare];
    await Promise.all(rare.map((story) => story.settled()));
    expect(stories.length).toBeGreaterThan(sized(40, 200));
    expect(await openKinds()).toEqual([...CASE_KINDS].sort());
    const told = await OrderTold.placed(system, demo);
    const order = await told.show();
    await until(() => orderRuns(order), (status) => status === 'RUNNING', 'the order to run'); // prettier-ignore
    const before = await Promise.all(stories.map(async (story) => ({ ...(await standing(story)), shown: await story.show() })));
    await worker.stop();
    await temporal.stop();
    rmSync(folder('first'), { recursive: true, force: true });
    temporal = await serve('second');
    await until(
      () =>
        registerSearchAttributes(system.client.connection as Connection, 'default')
          .then(() => 'done')
          .catch(() => 'not yet'),
      (answer) => answer === 'done',
      'the new server',
    );
    worker = await system.startWorker();
    await expect((await workflowOf(stories[0]!)).describe()).rejects.toThrow();

    const { restarted, left } = await restart({ all: true });
    const numbers = before.map(({ shown }) => shown.number);
    expect([numbers.filter((number) => !restarted.includes(number)), left]).toEqual([[], 0]);
    expect(await openKinds()).toEqual([...CASE_KINDS].sort());
    await system.time.pass(11_000); // the reconciler leaves what is younger to its own first wake
    const { db, client, config } = system;
    const log = pino({ level: 'silent' });
    await new Reconciler({ db, client, taskQueue: config.temporal.taskQueue, clock: system.time, log }, ORDERS).pass(true);
    expect([await orderRuns(order), await told.show()]).toEqual(['RUNNING', order]);
    for (const [i, story] of stories.entries()) {
      const { acts, tasks, shown } = before[i]!;
      const stage = stageFrom(shown);
      await until(
        () => stageOf(story),
        (now) => JSON.stringify(now) === JSON.stringify(stage),
        `${shown.number} to stand at ${stage.join()}`,
      );
      expect(await standing(story)).toEqual({ acts, tasks });
      expect(await story.show()).toEqual(shown);
    }
    await asOwner(system, 'update organisation set closed_on = null where closed_on is not null');
    const going = many.filter((_, i) => before[i]?.shown.hold === null);
    const ends = await inLanes(AT_ONCE, going, (story) => story.approveAll());
    expect(ends.length).toBeGreaterThan(sized(15, 100));
    expect(new Set(ends.map(({ state }) => state))).toEqual(new Set(['approved']));
  });

  it('by their numbers, or all that another build than the present one carried on; others keep their runs', async () => {
    const [one, other] = [
      await Story.transfer(system, demo, acrossCounties(demo)),
      await Story.transfer(system, demo, acrossCounties(demo)),
    ];
    for (const story of [one, other]) await story.task('sourceSchool');
    const [oneRun, otherRun] = [await runOf(one), await runOf(other)];
    const { number } = await one.show();
    expect(await restart({ numbers: [number] })).toEqual({ restarted: [number], left: 0 });
    expect([(await runOf(one)) === oneRun, (await runOf(other)) === otherRun]).toEqual([false, true]);

    const { raw } = await (await workflowOf(other)).describe();
    const build = raw.workflowExecutionInfo?.mostRecentWorkerVersionStamp?.buildId ?? '';
    expect(build).not.toBe('');
    await until(
      async () => (await (await workflowOf(one)).describe()).raw.workflowExecutionInfo?.mostRecentWorkerVersionStamp?.buildId,
      (now) => now === build,
      'the new run to be carried on by the worker',
    );
    const present = await restart({ otherThanBuild: build });
    expect(present.restarted).not.toContain(number);
    expect(await runOf(other)).toBe(otherRun);
    expect((await restart({ otherThanBuild: 'a later build' })).restarted).toContain((await other.show()).number);
    expect(await runOf(other)).not.toBe(otherRun);
    for (const story of [one, other]) expect((await story.approveAll()).state).toBe('approved');
  });

  it('are named on the command line as all, by a build, or by their numbers, and by nothing else', () => {
    expect(whichFrom(['--all'])).toEqual({ all: true });
    expect(whichFrom(['--older-than', 'abc'])).toEqual({ otherThanBuild: 'abc' });
    expect(whichFrom(['2026-0000001', '2026-0000002'])).toEqual({ numbers: ['2026-0000001', '2026-0000002'] });
    for (const wrong of [[], ['--older-than'], ['--all', '2026-0000001'], ['transfer/2026-0000001']])
      expect(whichFrom(wrong)).toBeUndefined();
  });
});
