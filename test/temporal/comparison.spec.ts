import pino from 'pino';
import { Reconciler } from '../../src/cases/reconciler.js';
import { CASES } from '../../src/cases/watch.js';
import { CASE_KINDS } from '../../src/domain/procedure/procedure.js';
import { as } from '../fixtures/client.js';
import { acrossCounties, Demonstration } from '../fixtures/demonstration.js';
import { OrderTold } from '../fixtures/orders.js';
import { neverFiled, terminated, workflowOf } from '../fixtures/process.js';
import { Story, until } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';

describe('the comparison of open requests with the running workflows', () => {
  let system: System;
  let demo: Demonstration;
  let stories: Story[];
  beforeAll(async () => {
    system = await startSystem({ engine: 'server' });
    demo = await Demonstration.of(system);
    stories = [];
    for (let n = 0; n < 5; n += 1) stories.push(await Story.transfer(system, demo, acrossCounties(demo)));
    for (const story of stories) await story.settled();
  });
  afterAll(() => system?.stop());

  /** Looks at two requests a minute where five are open. */
  const narrow = (): Reconciler => {
    const { db, client, config, time } = system;
    return new Reconciler({ db, client, taskQueue: config.temporal.taskQueue, clock: time, log: pino({ level: 'silent' }) }, CASES, 2);
  };
  const status = async (story: Story) => (await (await workflowOf(story)).describe()).status.name;

  it('notices at its next look a run that was ended, though more requests are open than one window holds', async () => {
    const [, , , , last] = stories as [Story, Story, Story, Story, Story];
    await system.time.pass(11_000);
    expect(await narrow().pass(true)).toEqual([]);
    const run = await terminated(last);
    const { number } = await last.show();
    const noticed = () => narrow().pass(true); // always the first window, without it; visibility follows by a moment
    await until(noticed, (numbers) => numbers.includes(number), 'the notice of the terminated run');
    expect(await status(last)).toBe('RUNNING');
    const { body } = await (await as(system, 'operator')).get<{ incidents: object[] }>(`/change-requests/${last.id}`);
    expect(body.incidents).toEqual([{ found: 'terminated', runId: run, at: expect.any(String) as string }]);
    const operator = await as(system, 'operator');
    const listed = async (query: string) =>
      (await operator.get<{ items: { over?: boolean }[] }>(`/operations/incidents?requestId=${last.id}&${query}`)).body.items;
    const told = {
      found: 'terminated',
      runId: run,
      endedBy: expect.stringMatching(/./),
      reason: 'the test ends it',
      since: expect.any(String),
    };
    const goesOn = ([one]: { over?: boolean }[]) => one?.over === true;
    await until(() => listed('found=terminated'), goesOn, 'the case to go on');
    expect(await listed('acknowledged=false')).toMatchObject([{ ...told, over: true, acknowledgedBy: null }]);
    expect(await listed('found=reset')).toEqual([]);
    const acknowledged = { about: last.id, runId: run, note: '值班人员误操作' };
    expect(await operator.post('/operations/incidents/acknowledgement', acknowledged)).toMatchObject({
      status: 200,
      body: { ...told, note: '值班人员误操作', acknowledgedBy: { displayName: expect.any(String) } },
    });
    await operator.post('/operations/incidents/acknowledgement', { ...acknowledged, note: '另一说明' });
    expect(await listed('acknowledged=true')).toMatchObject([{ note: '值班人员误操作' }]);
    expect(await listed('acknowledged=false')).toEqual([]);
    expect((await operator.post('/operations/incidents/acknowledgement', { ...acknowledged, runId: 'x' })).status).toBe(404);
    expect((await last.filer.get<{ incidents?: object[] }>(`/change-requests/${last.id}`)).body.incidents).toBeUndefined();
  });

  it('comes window by window to a workflow that Temporal has lost, and begins anew after the last', async () => {
    const [first, , , lost] = stories as [Story, Story, Story, Story];
    const reconciler = narrow();
    const { workflowId } = await workflowOf(lost);
    await system.client.workflowService.deleteWorkflowExecution({ namespace: 'default', workflowExecution: { workflowId } });
    const gone = () => status(lost).catch(() => 'gone');
    await until(gone, (now) => now === 'gone', 'the deletion');
    await system.time.pass(11_000);
    expect(await reconciler.pass(true)).toEqual([]);
    expect(await reconciler.pass(true)).toEqual([(await lost.show()).number]);
    expect(await status(lost)).toBe('RUNNING');
    expect(await reconciler.pass(true)).toEqual([]);
    await system.client.workflowService.deleteWorkflowExecution({
      namespace: 'default',
      workflowExecution: { workflowId: (await workflowOf(first)).workflowId },
    });
    await until(() => status(first).catch(() => 'gone'), (now) => now === 'gone', 'the deletion'); // prettier-ignore
    expect(await reconciler.pass(true)).toEqual([(await first.show()).number]);
  });

  it('tells a run to look whose request the ledger does not know, and the run ends', async () => {
    const [, orphan] = stories as [Story, Story];
    const { workflowId } = await workflowOf(orphan);
    await neverFiled(orphan);
    const reconciler = narrow();
    const handle = system.client.workflow.getHandle(workflowId);
    await reconciler.pass(true);
    await expect(handle.result()).rejects.toMatchObject({ cause: { type: 'diverged' } });
  });

  const incidentsAbout = async (about: string) =>
    (
      await (await as(system, 'operator')).get<{ items: { about: string; found: string; runId: string }[] }>('/operations/incidents')
    ).body.items
      .filter((one) => one.about === about)
      .map(({ found, runId }) => ({ found, runId }));
  const forged = (workflowId: string, type: string) =>
    system.client.workflow.start(type, { workflowId, taskQueue: system.config.temporal.taskQueue, args: [{}] });

  it('ends a run of another type that took the id of an open case, puts it on record, and the case runs again', async () => {
    const [story] = stories as [Story];
    const { workflowId } = await workflowOf(story);
    await system.client.workflow.getHandle(workflowId).terminate();
    const { firstExecutionRunId: runId } = await forged(workflowId, 'forged');
    await system.time.pass(11_000);
    const [reconciler, { number }] = [narrow(), await story.show()];
    const pass = async () => (await reconciler.pass(true), (await workflowOf(story)).describe());
    await until(pass, ({ type, status: { name } }) => type === 'transfer' && name === 'RUNNING', 'the case to run again');
    expect(await incidentsAbout(story.id)).toContainEqual({ found: 'foreign', runId });
    expect(number).toBeTruthy();
  });

  it.each([
    ['of no type of ours', 'else/1', 'forged'],
    ['of a type of ours under an id of another', 'suspension-1', 'transfer'],
    ['for a case that was never filed', 'transfer/2026-9999999', 'forged'],
  ])('puts a workflow on record that no case knows: %s', async (_, workflowId, type) => {
    const { firstExecutionRunId: runId } = await forged(workflowId, type);
    const reconciler = narrow();
    const noted = async () => (await reconciler.pass(true), incidentsAbout(workflowId));
    expect(await until(noted, ({ length }) => length > 0, 'the incident')).toEqual([{ found: 'unknown', runId }]);
    await system.client.workflow.getHandle(workflowId, runId).terminate().catch(() => undefined); // prettier-ignore
  });

  it('knows the workflow of every kind of case, and of an order whose number begins with a Chinese character', async () => {
    expect(CASES.kinds).toEqual(CASE_KINDS);
    for (const kind of CASE_KINDS) expect(CASES.strangers?.('queue')).toContain(`WorkflowType != "${kind}"`);
    const { number } = await (await OrderTold.placed(system, demo)).show();
    const workflowId = `order/${number}`;
    const query = `WorkflowId = "${workflowId}" and ExecutionStatus = "Running"`;
    const listed = async () => (await system.client.workflow.count(query)).count;
    await until(listed, (count) => count === 1, 'the process of the order to be listed');
    await narrow().pass(true);
    expect(await incidentsAbout(workflowId)).toEqual([]);
  });
});
