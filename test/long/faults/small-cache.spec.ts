import { workflowIdOf } from '../../../src/cases/wakes.js';
import { freshDatabase, type TestDatabase } from '../../engines/databases.js';
import { Demonstration, withinACounty } from '../../fixtures/demonstration.js';
import { Story } from '../../fixtures/story.js';
import { quiescent, violations } from '../../faults/checker.js';
import { Journal } from '../../faults/journal.js';
import { Machine, systemAt, type Program } from '../../faults/machine.js';

describe('a worker that keeps two cases in memory, and carries thirty', () => {
  let database: TestDatabase;
  let machine: Machine;
  let api: Program;
  let stories: Story[];
  let journal: Journal;
  beforeAll(async () => {
    database = await freshDatabase();
    machine = await Machine.over(database.url);
    [api] = await Promise.all([machine.api(), machine.worker({ WORKFLOW_CACHE: '2' })]);
    const demo = await Demonstration.of(systemAt(api));
    journal = new Journal();
    stories = await Promise.all(Array.from({ length: 30 }, () => Story.transfer(systemAt(api), demo, withinACounty(demo))));
  });
  afterAll(async () => {
    await machine?.stop();
    await database?.drop();
  });

  /** Has the open task of each approved, all at once, and waits until each has its next one. */
  async function approved(): Promise<void> {
    const tasks = await Promise.all(stories.map((story) => story.task()));
    const reviewers = await Promise.all(stories.map((story, n) => story.reviewer(tasks[n]!)));
    const told = await Promise.all(reviewers.map((reviewer, n) => journal.decide(reviewer, tasks[n]!)));
    expect(told.map((entry) => entry.told)).toEqual(stories.map(() => 200));
    await quiescent(machine);
  }

  it('reads each again whenever it goes on, and brings all to their end', async () => {
    await quiescent(machine);
    for (let step = 0; step < 3; step += 1) await approved();
    expect((await Promise.all(stories.map((story) => story.show()))).map(({ state }) => state)).toEqual(stories.map(() => 'approved'));
    expect(await violations(machine, journal)).toEqual([]);
  });

  /**
   * Temporal takes back a workflow task that was not carried out within ten seconds of being given to a worker. Without any cache that
   * befell each of the thirty, time and again; on a machine under load it may befall one whatever the cache.
   */
  it('lets none of them stall: their workflow tasks do not time out', async () => {
    const stalled: string[] = [];
    for (const story of stories) {
      const { kind, number } = (await story.show()) as unknown as { kind: string; number: string };
      const run = machine.temporal.workflow.getHandle(workflowIdOf(kind, number));
      expect(await run.result()).toBe('approved');
      const { events } = await run.fetchHistory();
      if (events?.some((event) => event.workflowTaskTimedOutEventAttributes)) stalled.push(number);
    }
    expect(stalled.length).toBeLessThan(stories.length / 6);
  });
});
