import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { WorkflowNotFoundError } from '@temporalio/client';
import { workflowIdOf, wakeOne } from '../../../src/cases/wakes.js';
import { freshDatabase, type TestDatabase } from '../../engines/databases.js';
import { Demonstration, withinACounty } from '../../fixtures/demonstration.js';
import { Story, until } from '../../fixtures/story.js';
import { chance } from '../../faults/chance.js';
import { quiescent, violations } from '../../faults/checker.js';
import { Journal } from '../../faults/journal.js';
import { Machine, systemAt, type Program } from '../../faults/machine.js';
import { Proxy } from '../../faults/proxy.js';

const [OLD, NEW] = [randomBytes(32), randomBytes(32)].map((key) => key.toString('base64')) as [string, string];

describe('a wire to Temporal, or what Temporal keeps, that fails', () => {
  let database: TestDatabase;
  let machine: Machine;
  let apis: Proxy;
  let workers: Proxy;
  let databases: Proxy;
  let api: Program;
  let worker: Program;
  let demo: Demonstration;
  let journal: Journal;
  beforeAll(async () => {
    database = await freshDatabase();
    machine = await Machine.over(database.url);
    const [host = '', port = ''] = (process.env.TEST_TEMPORAL_ADDRESS ?? '').split(':');
    const postgres = new URL(database.url);
    apis = await Proxy.to(host, Number(port));
    workers = await Proxy.to(host, Number(port));
    databases = await Proxy.to(postgres.hostname, Number(postgres.port));
    const settings = { PAYLOAD_KEY: OLD, DATABASE_URL: databases.through(database.url) };
    api = await machine.api({ ...settings, TEMPORAL_ADDRESS: apis.address });
    worker = await machine.worker({ ...settings, TEMPORAL_ADDRESS: workers.address });
    demo = await Demonstration.of(systemAt(api));
    journal = new Journal();
  });
  afterEach(async () => {
    for (const wire of [apis, workers, databases]) wire.mend();
    await quiescent(machine);
    expect(await violations(machine, journal)).toEqual([]);
  });
  afterAll(async () => {
    await machine?.stop();
    for (const wire of [apis, workers, databases]) await wire?.close();
    await database?.drop();
  });

  const stories = (n: number) => Promise.all(Array.from({ length: n }, () => Story.transfer(systemAt(api), demo, withinACounty(demo))));
  /** Who may decide the step of each, found before the fault. */
  const deciders = (all: readonly Story[], step: string) =>
    Promise.all(
      all.map(async (story) => ({ story, task: await story.task(step), reviewer: await story.reviewer(await story.task(step)) })),
    );
  const decided = async (all: Awaited<ReturnType<typeof deciders>>) =>
    (await Promise.all(all.map(({ reviewer, task }) => journal.decide(reviewer, task)))).map(({ told }) => told);
  const carriedOn = async (all: readonly Story[]) => {
    for (const story of all) expect(await story.approveAll()).toMatchObject({ state: 'approved' });
  };

  it('that hangs, and closes nothing, keeps nobody waiting: what is decided and filed is answered while it does', async () => {
    const before = await stories(4);
    const ready = await deciders(before, 'sourceSchool');
    apis.silent = true;
    expect(await decided(ready)).toEqual([200, 200, 200, 200]);
    const during = await stories(4);
    for (const story of during) expect(await story.show()).toMatchObject({ state: 'open', currentTasks: [] });
    apis.cut(); // what a network swallowed leaves no connection that could go on
    apis.mend();
    await carriedOn([...before, ...during]);
  });

  it('that loses every answer after the wake was heard makes nothing happen twice', async () => {
    const before = await stories(6);
    const ready = await deciders(before, 'sourceSchool');
    const lost = apis.lost;
    apis.answerless = true;
    expect(await decided(ready)).toEqual(before.map(() => 200));
    await until(() => Promise.resolve(apis.lost), (n) => n > lost, 'an answer to be lost'); // prettier-ignore
    const during = await stories(2);
    apis.answerless = false;
    await carriedOn([...before, ...during]);
  });

  it('that is cut from the worker for longer than a workflow waits for it leaves each case where it was, and it goes on', async () => {
    const before = await stories(4);
    const ready = await deciders(before, 'sourceSchool');
    workers.cut();
    expect(await decided(ready)).toEqual(before.map(() => 200));
    await sleep(12_000);
    for (const story of before) expect(await story.show()).toMatchObject({ processing: true, currentTasks: [] });
    workers.mend();
    await carriedOn(before);
  });

  it('that is late, cuts what it carries into pieces and is nowhere steady, is only slower', async () => {
    for (const [n, wire] of [apis, workers, databases].entries()) wire.jitter = chance(27 + n);
    await carriedOn(await stories(6));
  });

  it('is not needed for what is over: the history of an ended case may be gone, its record is whole, and stays ended', async () => {
    const [story] = await stories(1);
    await story!.approveAll();
    await quiescent(machine);
    const whole = await story!.show();
    const { kind, number } = whole as unknown as { kind: string; number: string };
    const handle = machine.temporal.workflow.getHandle(workflowIdOf(kind, number));
    await until(() => handle.describe(), ({ status }) => status.name === 'COMPLETED', 'the run to end'); // prettier-ignore
    await machine.temporal.workflowService.deleteWorkflowExecution({
      namespace: 'default',
      workflowExecution: { workflowId: handle.workflowId },
    });
    const gone = () => handle.describe().then(() => false, (error: unknown) => error instanceof WorkflowNotFoundError); // prettier-ignore
    await until(gone, (over) => over, 'the history to be gone', 90_000);
    expect(await story!.show()).toEqual(whole);
    const deps = { client: machine.temporal, db: machine.db, taskQueue: machine.config.temporal.taskQueue };
    await wakeOne(deps, { requestId: story!.id, kind: 'reconciled' }); // a late wake: its run reads that the case is closed
    await until(() => handle.describe(), ({ status }) => status.name === 'COMPLETED', 'that run to end'); // prettier-ignore
    expect(await story!.show()).toEqual(whole);
  });

  it('is not read without the key: the case waits, no run is lost, and a worker that has the key again goes on', async () => {
    const before = await stories(2);
    await deciders(before, 'sourceSchool');
    await worker.kill();
    const settings = { DATABASE_URL: database.url, LOG_LEVEL: 'info' };
    const without = await machine.worker({ ...settings, PAYLOAD_KEY: `2:${NEW}` });
    const ready = await deciders(before, 'sourceSchool');
    expect(await decided(ready)).toEqual([200, 200]);
    // prettier-ignore
    await until(() => Promise.resolve(without.said()), (said) => said.includes('Failed to process Workflow Activation'), 'failure', 45_000);
    for (const story of before) {
      const { kind, number } = (await story.show()) as unknown as { kind: string; number: string };
      const { status } = await machine.temporal.workflow.getHandle(workflowIdOf(kind, number)).describe();
      expect(status.name).toBe('RUNNING');
      expect(await story.show()).toMatchObject({ processing: true, currentTasks: [] });
    }
    await without.kill();
    worker = await machine.worker({ ...settings, PAYLOAD_KEY: `2:${NEW},1:${OLD}` });
    await quiescent(machine);
    await carriedOn(before);
  });
});
