import { rmSync } from 'node:fs';
import path from 'node:path';
import type { Connection } from '@temporalio/client';
import pino from 'pino';
import { freePort } from '../../local/ports.js';
import { startTemporal, type RunningTemporal } from '../../local/temporal.js';
import { restartCases, whichFrom, type Which } from '../../src/temporal/restart-cases.js';
import { registerSearchAttributes } from '../../src/temporal/search-attributes.js';
import { as } from '../fixtures/client.js';
import { acrossCounties, Demonstration, type DemoOrganisation } from '../fixtures/demonstration.js';
import { stageOf, standing, workflowOf } from '../fixtures/process.js';
import { Story, until, type Detail } from '../fixtures/story.js';
import { startSystem, type RunningWorker, type System } from '../fixtures/system.js';

/** Kinds and details that any student of the demonstration may be filed for. */
const WITHIN: readonly [kind: string, details: object][] = [
  ['suspension', { ground: 'illness', until: '2027-06-30' }],
  ['changeMajor', { ground: 'aptitude' }],
  ['repeatYear', {}],
  ['changeStudyMode', { studyMode: 'partTime', lengthYears: 4 }],
  ['withdrawal', { ground: 'ownApplication' }],
  ['deregistration', { cause: 'lapsed' }],
  ['death', { diedOn: '2020-01-01' }],
];

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
  }, 120_000);
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

  async function openCases(times: number): Promise<Story[]> {
    const made: Story[] = [];
    for (let n = 0; n < times * 6; n += 1) {
      const school = acrossCounties(demo)[n % 2] as DemoOrganisation;
      const [kind = '', fixed = {}] = WITHIN[n % WITHIN.length] ?? [];
      const studentId = demo.student(school.id);
      const details = kind === 'changeMajor' ? { ...fixed, majorCode: await anotherMajor(school, studentId) } : fixed;
      made.push(await brought(await Story.within(system, demo, school, { kind, studentId, details }), n));
      if (n % 2 === 0) made.push(await brought(await Story.transfer(system, demo, acrossCounties(demo)), n / 2));
    }
    return made;
  }

  it('stand where they stood after Temporal’s whole database is gone, whatever their kind, and go on to their end', async () => {
    const stories = await openCases(23);
    expect(stories.length).toBeGreaterThan(200);
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
      30_000,
    );
    worker = await system.startWorker();
    await expect((await workflowOf(stories[0]!)).describe()).rejects.toThrow();

    const { restarted, left } = await restart({ all: true });
    expect([[...restarted].sort(), left]).toEqual([before.map(({ shown }) => shown.number).sort(), 0]);
    for (const [i, story] of stories.entries()) {
      const { acts, tasks, shown } = before[i]!;
      const stage =
        shown.hold?.kind === 'paused'
          ? ['held:courtOrder']
          : shown.currentTasks.map(({ capacity, step }) => (capacity === 'supplement' ? `supplement:${step}` : step));
      await until(
        () => stageOf(story),
        (now) => JSON.stringify(now) === JSON.stringify(stage),
        `${shown.number} to stand at ${stage.join()}`,
        30_000,
      );
      expect(await standing(story)).toEqual({ acts, tasks });
      expect(await story.show()).toEqual(shown);
    }
    const going = stories.filter((_, i) => before[i]?.shown.hold === null);
    const ends: Detail[] = [];
    // Ten reviewers at a time: what is measured is where the cases stand, not how many clients the machine bears.
    while (going.length > 0) ends.push(...(await Promise.all(going.splice(0, 10).map((story) => story.approveAll()))));
    expect(ends.length).toBeGreaterThan(100);
    expect(new Set(ends.map(({ state }) => state))).toEqual(new Set(['approved']));
  }, 300_000);

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
  }, 120_000);

  it('are named on the command line as all, by a build, or by their numbers, and by nothing else', () => {
    expect(whichFrom(['--all'])).toEqual({ all: true });
    expect(whichFrom(['--older-than', 'abc'])).toEqual({ otherThanBuild: 'abc' });
    expect(whichFrom(['2026-0000001', '2026-0000002'])).toEqual({ numbers: ['2026-0000001', '2026-0000002'] });
    for (const wrong of [[], ['--older-than'], ['--all', '2026-0000001'], ['transfer/2026-0000001']])
      expect(whichFrom(wrong)).toBeUndefined();
  });
});
