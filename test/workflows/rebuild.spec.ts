import { randomUUID } from 'node:crypto';
import { as } from '../fixtures/client.js';
import { deafApi } from '../fixtures/deaf-api.js';
import { acrossCounties, Demonstration, withinACounty } from '../fixtures/demonstration.js';
import { asOwner } from '../fixtures/owner.js';
import { activitiesOf, neverFiled, rebuilt, stageOf, standing, terminated, wakeStory, workflowOf } from '../fixtures/process.js';
import { addDays } from '../../src/domain/working-days.js';
import { Story, until, type Detail } from '../fixtures/story.js';
import { startSystem, type RunningWorker, type System } from '../fixtures/system.js';
import { NOTHING_SEEN } from '../../activities/reading.js';

const STEPS = ['sourceSchool', 'destinationSchool', 'sourceAuthority', 'destinationAuthority'] as const;
/** The keys of the process's acts of a transfer that nobody returned. */
const UNDISTURBED = [...STEPS.map((step) => `opened:${step}:1`), 'effected', 'closed'];
const MINUTE = 60_000;

/** The stage that the workflow must say while the request stands so. */
const stageTold = ({ hold, currentTasks }: Detail): string[] =>
  hold?.kind.endsWith('Parked')
    ? [`parked:${hold.cause}`]
    : hold?.kind === 'awaitingEffect'
      ? ['awaitingEffect']
      : currentTasks.map(({ capacity, step }) => (capacity === 'supplement' ? `supplement:${step}` : step));

describe('the process as a fold of the ledger', () => {
  let system: System;
  let demo: Demonstration;
  let worker: RunningWorker;
  beforeAll(async () => {
    system = await startSystem({ engine: 'server', worker: false });
    worker = await system.startWorker();
    demo = await Demonstration.of(system);
  });
  afterEach(() => asOwner(system, 'update organisation set closed_on = null, successor_id = null where closed_on is not null'));
  afterAll(() => system?.stop());

  const found = async ({ id }: Story) => {
    const { body } = await (await as(system, 'operator')).get<{ items: Incident[] }>('/operations/incidents?limit=200');
    return body.items.filter(({ requestId }) => requestId === id).map(({ found, runId }) => [found, runId]);
  };
  const keys = async (story: Story) => (await standing(story)).acts.flatMap(({ key }) => key ?? []);
  const shows = (story: Story, what: string, good: (detail: Detail) => boolean) => until(() => story.show(), good, what);
  const supplement = async (story: Story) =>
    story.filer.post(`/change-requests/${story.id}/supplement`, { evidenceIds: [await story.filer.evidence()], note: '已补齐' });

  /** Terminates and rebuilds: the new run stands where the old one stood and has written nothing. */
  async function surviving(story: Story): Promise<void> {
    const stage = stageTold(await story.settled());
    const says = () =>
      until(
        () => stageOf(story),
        (now) => JSON.stringify(now) === JSON.stringify(stage),
        `the stage ${stage.join()}`,
      );
    await says(); // the search attribute follows the task by a moment
    const before = await standing(story);
    const run = await terminated(story);
    const { number } = await story.show();
    expect(await rebuilt(story, run)).toContain(number);
    await says();
    expect(await standing(story)).toEqual(before);
  }

  it('a workflow terminated at every step is rebuilt where it stood, opens nothing twice and goes on to approved', async () => {
    const story = await Story.transfer(system, demo, acrossCounties(demo));
    for (const step of STEPS) {
      await story.task(step);
      await surviving(story);
      expect((await story.decide('approve', { step })).status).toBe(200);
    }
    expect((await shows(story, 'the end', ({ state }) => state !== 'open')).state).toBe('approved');
    expect(await keys(story)).toEqual(UNDISTURBED);
  });

  it('a workflow terminated while the filer supplements is rebuilt with the supplement and then the second visit', async () => {
    const story = await Story.transfer(system, demo, withinACounty(demo));
    expect((await story.decide('return', { opinion: '缺材料' })).status).toBe(200);
    expect((await story.task('sourceSchool')).capacity).toBe('supplement');
    await surviving(story);
    expect((await supplement(story)).status).toBe(200);
    expect(await story.task('sourceSchool')).toMatchObject({ visit: 2 });
    await surviving(story);
    expect((await story.approveAll()).state).toBe('approved');
    const opened = ['opened:sourceSchool:1', 'opened:sourceSchool:1:supplement', 'opened:sourceSchool:2'];
    expect((await keys(story)).filter((key) => key.includes('sourceSchool'))).toEqual(opened);
  });

  it('a workflow terminated while an approved change waits for its day is rebuilt waiting, and puts nothing off twice', async () => {
    const [school] = withinACounty(demo);
    const effectiveOn = addDays(system.time.today(), 30);
    const details = { ground: 'illness', until: addDays(effectiveOn, 90), effectiveOn };
    const story = await Story.within(system, demo, school, { kind: 'suspension', details });
    expect((await story.approveAll()).hold).toMatchObject({ kind: 'awaitingEffect', until: effectiveOn });
    await surviving(story);
    await wakeStory(story, { kind: 'reconciled' });
    await surviving(story);
    expect((await story.filer.post(`/change-requests/${story.id}/recall`, { reason: '不再休学' })).status).toBe(200);
    expect((await shows(story, 'the end', ({ state }) => state !== 'open')).state).toBe('recalled');
    expect((await standing(story)).acts.filter(({ kind }) => kind === 'scheduled')).toHaveLength(1);
  });

  it('a workflow terminated before it opened anything is rebuilt and opens the first step once', async () => {
    await worker.stop();
    const story = await Story.transfer(system, demo, withinACounty(demo));
    await until(
      () => terminated(story).catch(() => undefined),
      (run) => run !== undefined,
      'the workflow to exist',
    );
    worker = await system.startWorker();
    await rebuilt(story, 'none');
    expect((await story.approveAll()).state).toBe('approved');
    expect((await keys(story))[0]).toBe('opened:sourceSchool:1');
  });

  it('a request whose start was lost, and whose every wake is lost, is carried by the reconciler alone', async () => {
    const deaf = await deafApi(system);
    const story = await Story.transfer(deaf, demo, acrossCounties(demo));
    await expect((await workflowOf(story)).describe()).rejects.toThrow();
    const passes = async () => {
      await system.time.pass(4000);
      await system.reconciler.pass(false);
      return story.show();
    };
    for (const step of STEPS) {
      await until(passes, ({ currentTasks }) => currentTasks[0]?.step === step, `the task of ${step}`);
      expect((await story.decide('approve', { step })).status).toBe(200);
    }
    expect((await until(passes, ({ state }) => state !== 'open', 'the end')).state).toBe('approved');
    expect(await keys(story)).toEqual(UNDISTURBED);
    await deaf.stop();
  });

  it('wakes that come three times, late and in the wrong order change nothing', async () => {
    const story = await Story.transfer(system, demo, acrossCounties(demo));
    const confuse = () =>
      Promise.all([
        ...[1, 2, 3].map(() => wakeStory(story, { kind: 'decide', step: 'destinationAuthority' })),
        wakeStory(story, { kind: 'filed' }),
        wakeStory(story, { kind: 'recall' }),
      ]);
    for (const step of STEPS) {
      await story.task(step);
      await confuse();
      await Promise.all([confuse(), story.decide('approve', { step }), confuse()]);
    }
    expect((await shows(story, 'the end', ({ state }) => state !== 'open')).state).toBe('approved');
    await (await workflowOf(story)).result();
    await confuse(); // after the end: counts as success, starts nothing
    expect((await (await workflowOf(story)).describe()).status.name).toBe('COMPLETED');
    expect(await keys(story)).toEqual(UNDISTURBED);
  });

  it('a recall between the read of the run and its opening of the next task leaves no task behind', async () => {
    await worker.stop();
    const story = await Story.transfer(system, demo, withinACounty(demo));
    const activities = activitiesOf(system);
    const { seen, acts } = await activities.readActs({ requestId: story.id, seen: NOTHING_SEEN });
    expect(acts.map(({ kind }) => kind)).toEqual(['filed']);
    expect((await story.filer.post(`/change-requests/${story.id}/recall`, { reason: '家长改变主意' })).status).toBe(200);
    const opened = await activities.openTask({ requestId: story.id, seen, step: 'sourceSchool', visit: 1, supplement: false });
    expect(opened.acts.map(({ kind }) => kind)).toEqual(['recalled']);
    worker = await system.startWorker();
    expect((await shows(story, 'the end', ({ state }) => state !== 'open')).state).toBe('recalled');
    expect(await standing(story)).toMatchObject({ tasks: [], acts: [{ kind: 'filed' }, { kind: 'recalled' }, { kind: 'closed' }] });
  });

  it('a destination school closed before the effect parks the case visibly; reopened, it goes on, also rebuilt between', async () => {
    const story = await Story.transfer(system, demo, acrossCounties(demo));
    for (const step of STEPS.slice(0, 3)) expect((await story.decide('approve', { step })).status).toBe(200);
    await story.task('destinationAuthority');
    await asOwner(system, 'update organisation set closed_on = $2 where id = $1', [story.destination.id, system.time.today()]);
    expect((await story.decide('approve')).status).toBe(200);
    const parked = await shows(story, 'the hold', ({ hold }) => hold !== null);
    expect(parked).toMatchObject({ state: 'open', processing: false, currentTasks: [] });
    expect(parked.hold).toMatchObject({ kind: 'effectParked', cause: 'destination-school-closed' });
    await surviving(story);
    await asOwner(system, 'update organisation set closed_on = null where id = $1', [story.destination.id]);
    await system.time.pass(12 * MINUTE);
    expect(await system.reconciler.pass(false)).toContain(parked.number);
    const after = await shows(story, 'the effect', ({ state }) => state !== 'open');
    expect(after).toMatchObject({ state: 'approved', hold: null });
  });

  it('a step without a living holder parks visibly and opens at the successor once there is one', async () => {
    const story = await Story.transfer(system, demo, acrossCounties(demo));
    const authority = demo.organisations.get(story.source.parentId ?? '');
    const successor = [...demo.organisations.values()].find(
      ({ level, id }) => level === 'county' && id !== authority?.id && id !== story.destination.parentId,
    );
    await asOwner(system, 'update organisation set closed_on = $2 where id = $1', [authority?.id, system.time.today()]);
    for (const step of STEPS.slice(0, 2)) expect((await story.decide('approve', { step })).status).toBe(200);
    const parked = await shows(story, 'the hold', ({ hold }) => hold !== null);
    expect(parked.hold).toMatchObject({ kind: 'stepParked', cause: 'no-living-holder' });
    await surviving(story);
    await asOwner(system, 'update organisation set successor_id = $2 where id = $1', [authority?.id, successor?.id]);
    await system.time.pass(62 * MINUTE);
    expect(await system.reconciler.pass(false)).toContain(parked.number);
    const task = await story.task('sourceAuthority');
    expect(task.holder.id).toBe(successor?.id);
    expect((await (await story.reviewer(task)).get(`/change-requests/${story.id}`)).status).toBe(200);
    expect((await story.approveAll()).state).toBe('approved');
  });

  it('a ledger restored to an earlier time fails the run as diverged, and the reconciler starts anew from the first act', async () => {
    const story = await Story.transfer(system, demo, acrossCounties(demo));
    expect((await story.decide('approve', { step: 'sourceSchool' })).status).toBe(200);
    await story.task('destinationSchool');
    await backedUp(story);
    expect((await story.decide('approve', { step: 'destinationSchool' })).status).toBe(200);
    await story.task('sourceAuthority');
    const { runId } = await (await workflowOf(story)).describe();
    await restored(story);
    expect((await story.decide('approve', { step: 'destinationSchool' })).status).toBe(200);
    const { workflowId } = await workflowOf(story);
    const failure: unknown = await system.client.workflow
      .getHandle(workflowId, runId)
      .result()
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ cause: { type: 'diverged' } });
    await rebuilt(story, runId);
    expect((await story.approveAll()).state).toBe('approved');
    expect(await keys(story)).toEqual(UNDISTURBED);
  });

  it('a ledger restored to before a filing: the number is given again, the lost run gives way, the new case goes on', async () => {
    const lost = await Story.transfer(system, demo, acrossCounties(demo));
    await lost.task('sourceSchool');
    const { workflowId } = await workflowOf(lost);
    const { runId } = await system.client.workflow.getHandle(workflowId).describe();
    await neverFiled(lost);
    const anew = await Story.transfer(system, demo, acrossCounties(demo));
    expect((await workflowOf(anew)).workflowId).toBe(workflowId);
    await expect(system.client.workflow.getHandle(workflowId, runId).result()).rejects.toMatchObject({ cause: { type: 'diverged' } });
    await system.time.pass(4000);
    expect(await system.reconciler.pass(false)).toContain((await anew.show()).number);
    await system.reconciler.pass(true);
    expect(await found(anew)).toEqual([['failed', runId]]);
    for (const step of STEPS) {
      await anew.task(step);
      expect((await anew.decide('approve', { step })).status).toBe(200);
    }
    expect((await shows(anew, 'the end', ({ state }) => state !== 'open')).state).toBe('approved');
    expect(await keys(anew)).toEqual(UNDISTURBED);
  });

  it('a workflow terminated, reset or restarted from outside is shown to operators as such, once, and the case goes on', async () => {
    const stories = await Promise.all([0, 1, 2].map(() => Story.transfer(system, demo, acrossCounties(demo))));
    const [killed, reset, woken] = stories as [Story, Story, Story];
    for (const story of stories) expect((await story.decide('approve', { step: 'sourceSchool' })).status).toBe(200);
    for (const story of stories) await story.settled();

    const killedRun = await terminated(killed);
    await rebuilt(killed, killedRun);
    const resetRun = await resetToTheStart(reset);
    const wokenRun = await terminated(woken); // the next decision starts it anew before anybody has looked
    expect((await woken.decide('approve', { step: 'destinationSchool' })).status).toBe(200);
    await woken.task('sourceAuthority');
    await until(
      async () => {
        await system.time.pass(11_000);
        await system.reconciler.pass(true);
        return [...(await found(reset)), ...(await found(woken))];
      },
      (all) => all.length === 2,
      'the incidents',
    );
    expect(await Promise.all(stories.map(found))).toEqual([[['terminated', killedRun]], [['reset', resetRun]], [['terminated', wokenRun]]]);
    for (const story of stories) expect((await story.approveAll()).state).toBe('approved');
    expect(await keys(reset)).toEqual(UNDISTURBED);
    const clerk = await killed.filer.get('/operations/incidents');
    expect(clerk).toMatchObject({ status: 403, body: { code: 'not-your-office' } });
  });

  interface Incident {
    requestId: string;
    found: string;
    runId: string;
  }

  /** As an operator does in the Web UI: the history is cut after the first workflow task, and another run goes on from there. */
  async function resetToTheStart(story: Story): Promise<string> {
    const handle = await workflowOf(story);
    const { runId } = await handle.describe();
    const { events } = await handle.fetchHistory();
    const completed = events?.find(({ workflowTaskCompletedEventAttributes: completes }) => completes);
    await system.client.workflowService.resetWorkflowExecution({
      namespace: 'default',
      workflowExecution: { workflowId: handle.workflowId, runId },
      reason: 'the test resets it',
      requestId: randomUUID(),
      workflowTaskFinishEventId: completed?.eventId,
    });
    return runId;
  }

  const ROWS = [
    ['change_request', 'id'],
    ['task', 'request_id'],
    ['process_cursor', 'request_id'],
  ] as const;
  const backedUp = ({ id }: Story) =>
    asOwner(
      system,
      [...ROWS, ['act', 'stream_id']]
        .map(([table, key]) => `create table backup_${table} as select * from ${table} where ${key} = '${id}'`)
        .join(';'),
    );
  /** What a restored backup of PostgreSQL looks like to a run that saw more; triggers and foreign keys are off in this session only. */
  const restored = ({ id }: Story) =>
    asOwner(
      system,
      `set session_replication_role = replica;
       delete from act_text where stream_id = '${id}' and seq > (select max(seq) from backup_act);
       delete from act where stream_id = '${id}' and seq > (select max(seq) from backup_act);
       ${ROWS.map(
         ([table, key]) => `delete from ${table} where ${key} = '${id}';
       insert into ${table} select * from backup_${table}`,
       ).join(';')}`,
    );
});
