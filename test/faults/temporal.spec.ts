import { rmSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../local/ports.js';
import { startTemporal, type RunningTemporal, type TemporalOptions } from '../../local/temporal.js';
import { freshDatabase, type TestDatabase } from '../engines/databases.js';
import { acrossCities, Demonstration, withinACounty } from '../fixtures/demonstration.js';
import { as } from '../fixtures/client.js';
import { Story, until } from '../fixtures/story.js';
import { scratch } from '../local/scratch.js';
import { quiescent, violations } from './checker.js';
import { filings, Journal } from './journal.js';
import { Machine, systemAt, type Program } from './machine.js';
import { long } from '../fixtures/profile.js';

describe('Temporal away', () => {
  let database: TestDatabase;
  let options: TemporalOptions;
  let temporal: RunningTemporal;
  let machine: Machine;
  let api: Program;
  let demo: Demonstration;
  let journal: Journal;
  beforeAll(async () => {
    process.env.TEMPORAL_CLI_PATH = process.env.TEST_TEMPORAL_CLI_PATH;
    const dir = scratch();
    options = { dir, port: await freePort(), headless: true, logFile: path.join(dir, 'temporal.log') };
    [temporal, database] = await Promise.all([startTemporal(options), freshDatabase()]);
    machine = await Machine.over(database.url, temporal.address);
    [api] = await Promise.all([machine.api(), machine.worker()]);
    demo = await Demonstration.of(systemAt(api));
    journal = new Journal();
  });
  afterEach(async () => {
    await quiescent(machine);
    expect(await violations(machine, journal)).toEqual([]);
  });
  afterAll(async () => {
    await machine?.stop();
    await temporal?.stop();
    await database?.drop();
  });

  const health = async () => (await (await fetch(`${api.url}/health/ready`)).json()) as { status: string; temporal: string };
  async function killed(): Promise<void> {
    temporal.kill('SIGKILL');
    await until(() => Promise.resolve(temporal.alive()), (alive) => !alive, 'Temporal to be gone'); // prettier-ignore
  }

  it('by SIGKILL: who decides and files is answered at once, readiness says degraded, and everything goes on when it is back', async () => {
    const stories = await Promise.all(Array.from({ length: 8 }, () => Story.transfer(systemAt(api), demo, withinACounty(demo))));
    const tasks = await Promise.all(stories.map((story) => story.task('sourceSchool')));
    const reviewers = await Promise.all(stories.map((story, n) => story.reviewer(tasks[n]!)));
    const [school, destination] = acrossCities(demo);
    const clerk = await as(systemAt(api), demo.holder(school.id, 'schoolClerk'));
    const papers = await filings(demo, clerk, school, 8);
    await killed();
    const told = [];
    for (const [n, { studentId, evidenceId }] of papers.entries()) {
      told.push(await journal.decide(reviewers[n]!, tasks[n]!));
      told.push(await journal.file(clerk, studentId, destination, evidenceId));
    }
    expect(told.map((entry) => entry.told)).toEqual(papers.flatMap(() => [200, 201]));
    // Milliseconds on a quiet machine; whoever waited for Temporal would wait as long as its client tries, some twenty seconds.
    expect(told.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b)[Math.floor(told.length / 2)]).toBeLessThan(1_000);
    expect(Math.max(...told.map(({ milliseconds }) => milliseconds))).toBeLessThan(5_000);
    expect(await health()).toMatchObject({ status: 'degraded', temporal: 'down' });
    expect((await stories[0]!.show()).processing).toBe(true);

    temporal = await startTemporal(options);
    await quiescent(machine);
    await until(health, ({ status }) => status === 'up', 'readiness to be up again');
    const detail = await stories[0]!.approveAll();
    expect(detail.state).toBe('approved');
  });

  long('with its whole database: every open case is started anew and stands where it stood', async () => {
    const kinds = [withinACounty(demo), acrossCities(demo)] as const;
    const stories = await Promise.all(Array.from({ length: 20 }, (_, n) => Story.transfer(systemAt(api), demo, kinds[n % 2]!)));
    const filed = Date.now();
    await Promise.all(stories.map(advanced));
    await quiescent(machine);
    const before = await Promise.all(stories.map(standing));
    expect(new Set(before.map(({ at }) => at)).size).toBeGreaterThanOrEqual(6);
    await killed();
    for (const file of readdirSync(options.dir).filter((name) => name.startsWith('temporal.db'))) rmSync(path.join(options.dir, file));
    // One decision falls into the time without Temporal.
    const late = stories[0]!;
    const [task] = (await late.show()).currentTasks;
    expect((await journal.decide(await late.reviewer(task!), task!)).told).toBe(200);

    temporal = await startTemporal(options);
    // The reconciler leaves requests of the last ten seconds to their own first wake.
    await sleep(Math.max(0, filed + 10_500 - Date.now()));
    await machine.worker(); // its reconciler compares at once; the old worker's would within a minute
    await runningAgain(stories.length);
    await quiescent(machine);
    const after = await Promise.all(stories.map(standing));
    expect(after.slice(1)).toEqual(before.slice(1));
    expect((await late.show()).currentTasks[0]).toMatchObject({ step: 'destinationSchool' });
    for (const story of stories.slice(0, 6)) expect(['approved', 'open']).toContain((await story.approveAll()).state);
  });

  /** Brings the n-th story to a step of its own: filed only, one, two or three steps approved, returned, supplemented. */
  async function advanced(story: Story, n: number): Promise<void> {
    const approvals = [0, 1, 2, 0, 1, 2][n % 6]!;
    for (let times = 0; times < approvals; times += 1) {
      await story.settled();
      expect((await story.decide('approve')).status).toBe(200);
    }
    await story.settled();
    if (n % 6 >= 3) expect((await story.decide('return', { opinion: '请补充材料' })).status).toBe(200);
    await story.settled();
    if (n % 6 === 5) {
      const body = { evidenceIds: [await story.filer.evidence()], note: '已补充' };
      expect((await story.filer.post(`/change-requests/${story.id}/supplement`, body)).status).toBe(200);
    }
  }

  async function standing(story: Story): Promise<{ at: string; detail: object }> {
    const { state, hold, version, steps, currentTasks, timeline } = await story.show();
    const at = steps.map((step) => `${step.state}${step.visit}`).join(' ');
    return { at, detail: { state, hold, version, steps, currentTasks, acts: timeline.length } };
  }

  async function runningAgain(atLeast: number): Promise<void> {
    const count = async () => (await machine.temporal.workflow.count('ExecutionStatus = "Running"').catch(() => ({ count: 0 }))).count;
    await until(count, (n) => n >= atLeast, 'the open cases to run again', 90_000);
  }
});
