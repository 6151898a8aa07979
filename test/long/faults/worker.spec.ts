import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { underAdvisoryLock } from '../../../src/platform/database/advisory-lock.js';
import { inScope } from '../../../src/platform/database/in-scope.js';
import { freshDatabase, type TestDatabase } from '../../engines/databases.js';
import { as } from '../../fixtures/client.js';
import { Demonstration, withinACounty } from '../../fixtures/demonstration.js';
import { Story, until } from '../../fixtures/story.js';
import { workflowIdOf } from '../../../src/cases/wakes.js';
import { Journal } from '../../faults/journal.js';
import { quiescent, violations } from '../../faults/checker.js';
import { Machine, systemAt, type Program } from '../../faults/machine.js';
import { long } from '../../fixtures/profile.js';

describe('the worker', () => {
  let database: TestDatabase;
  let machine: Machine;
  let api: Program;
  let demo: Demonstration;
  let journal: Journal;
  let other: pg.Client;
  beforeAll(async () => {
    database = await freshDatabase();
    machine = await Machine.over(database.url);
    api = await machine.api();
    demo = await Demonstration.of(systemAt(api));
    journal = new Journal();
    other = new pg.Client({ connectionString: database.url });
    await other.connect();
  });
  afterEach(async () => {
    await quiescent(machine);
    expect(await violations(machine, journal)).toEqual([]);
  });
  afterAll(async () => {
    await other?.end();
    await machine?.stop();
    await database?.drop();
  });

  const story = () => Story.transfer(systemAt(api), demo, withinACounty(demo));

  /** The worker stands in the middle of an act: `opened` is appended, its task waits for us, nothing is committed. */
  const inTheMiddle = () =>
    until(
      async () =>
        (await other.query(`select 1 from pg_stat_activity where application_name = 'xueji-worker' and wait_event_type = 'Lock'
          and datname = current_database()`)).rowCount,
      (n) => n === 1,
      'the worker to wait in the middle of an act',
    ); // prettier-ignore

  it('killed in the middle of an act leaves nothing of it behind, and the case goes on once at another worker', async () => {
    const first = await machine.worker();
    const one = await story();
    const task = await one.task('sourceSchool');
    first.signal('SIGSTOP');
    expect((await journal.decide(await one.reviewer(task), task)).told).toBe(200);
    await other.query('begin; lock table task in share mode');
    first.signal('SIGCONT');
    await inTheMiddle();
    await first.kill();
    await other.query('commit');
    expect(await one.show()).toMatchObject({ processing: true, currentTasks: [] });
    await machine.worker();
    await quiescent(machine);
    expect(await one.approveAll()).toMatchObject({ state: 'approved' });
  });

  long('stopped until its tasks time out and then continued ends by itself and writes nothing a second time', async () => {
    const zombie = machine.running.at(-1)?.url === '' ? machine.running.at(-1)! : await machine.worker();
    const stories = await Promise.all(Array.from({ length: 8 }, story));
    const decideAll = async (step: string) => {
      const tasks = await Promise.all(stories.map(async (one) => ({ one, task: await one.task(step) })));
      const told = await Promise.all(tasks.map(async ({ one, task }) => journal.decide(await one.reviewer(task), task)));
      expect(told.map((entry) => entry.told)).toEqual(stories.map(() => 200));
    };
    await Promise.all(stories.map((one) => one.task('sourceSchool')));
    const deciding = decideAll('sourceSchool');
    await sleep(150);
    zombie.signal('SIGSTOP');
    const stopped = Date.now();
    await deciding;
    const second = await machine.worker();
    await quiescent(machine);
    await decideAll('destinationSchool');
    await sleep(Math.max(1_000, stopped + 12_000 - Date.now())); // longer than a workflow task may last
    zombie.signal('SIGCONT');
    const endOf = ({ child }: Program) => child.exitCode ?? child.signalCode;
    await until(() => Promise.resolve(endOf(zombie)), (end) => end !== null, 'the worker that stood still to end'); // prettier-ignore
    expect(endOf(zombie)).not.toBe(0); // 75, or what Node ends with when it breaks first (docs/decisions/0094)
    await quiescent(machine);
    await second.kill();
    await machine.worker(); // as whoever supervises the first one does
    await decideAll('sourceAuthority');
    await quiescent(machine);
    expect((await Promise.all(stories.map((one) => one.show()))).map(({ state }) => state)).toEqual(stories.map(() => 'approved'));
  });

  it('told to end, as a deployment does, ends by itself with nothing lost, and the next one goes on', async () => {
    await Promise.all(machine.running.filter(({ url }) => url === '').map((worker) => worker.kill()));
    const first = await machine.worker();
    const stories = await Promise.all(Array.from({ length: 8 }, story));
    const tasks = await Promise.all(stories.map((one) => one.task('sourceSchool')));
    const deciding = Promise.all(stories.map(async (one, n) => journal.decide(await one.reviewer(tasks[n]!), tasks[n]!)));
    first.signal('SIGTERM');
    expect((await deciding).map(({ told }) => told)).toEqual(stories.map(() => 200));
    await until(() => Promise.resolve(first.child.exitCode), (code) => code !== null, 'the worker to end', 45_000); // prettier-ignore
    expect([first.child.exitCode, first.child.signalCode]).toEqual([0, null]);
    await machine.worker();
    await quiescent(machine);
    for (const one of stories) expect(await one.approveAll()).toMatchObject({ state: 'approved' });
  });

  long(
    'finds by itself a workflow that somebody terminated: within seventy seconds operators read of it, and the case goes on',
    async () => {
      if (machine.running.every(({ url }) => url !== '')) await machine.worker();
      const one = await story();
      const { id, kind, number } = (await one.show()) as unknown as { id: string; kind: string; number: string };
      await one.task('sourceSchool');
      const handle = machine.temporal.workflow.getHandle(workflowIdOf(kind, number));
      const { runId } = await handle.describe();
      await sleep(11_000); // requests of the last ten seconds are left to their own first wake
      await handle.terminate('somebody did, in the Temporal UI');
      const began = Date.now();
      const operator = await as(systemAt(api), 'operator');
      const incidents = async () => (await operator.get<{ items: Record<string, unknown>[] }>('/operations/incidents')).body.items;
      const found = await until(incidents, (items) => items.some(({ requestId }) => requestId === id), 'the incident', 70_000);
      expect(found).toMatchObject([{ requestId: id, number, found: 'terminated', runId, state: 'open' }]);
      expect(Date.now() - began).toBeLessThan(70_000);
      await until(() => handle.describe(), ({ status }) => status.name === 'RUNNING', 'the next run'); // prettier-ignore
      expect((await handle.describe()).runId).not.toBe(runId);
      expect(await one.approveAll()).toMatchObject({ state: 'approved' });
    },
  );

  long('whose workflow code fails on one case carries the others, loses nothing, and with the code mended goes on with it', async () => {
    await Promise.all(machine.running.filter(({ url }) => url === '').map((worker) => worker.kill()));
    const [poisoned, sound] = [await story(), await story()];
    const good = readFileSync(machine.config.workflowBundle, 'utf8');
    const begins = 'async function changeRequest(input) {';
    expect(good.split(begins)).toHaveLength(2);
    const bundle = path.join(machine.config.dataDir, 'poisoned-bundle.js');
    writeFileSync(bundle, good.replace(begins, `${begins} if (input.requestId === '${poisoned.id}') throw new Error('poison');`));
    const bad = await machine.worker({ WORKFLOW_BUNDLE: bundle });
    expect((await sound.task()).step).toBe('sourceSchool');
    const { kind, number } = (await poisoned.show()) as unknown as { kind: string; number: string };
    const handle = machine.temporal.workflow.getHandle(workflowIdOf(kind, number));
    const failures = async () => (await handle.fetchHistory()).events?.filter((event) => event.workflowTaskFailedEventAttributes) ?? [];
    await until(failures, (found) => found.length > 0, 'its workflow task to fail');
    expect((await handle.describe()).status.name).toBe('RUNNING');
    expect(await poisoned.show()).toMatchObject({ state: 'open', processing: true, currentTasks: [] });
    await bad.kill();
    await machine.worker();
    await quiescent(machine);
    for (const one of [poisoned, sound]) expect(await one.approveAll()).toMatchObject({ state: 'approved' });
  });

  it('finds rows that somebody changed by hand, makes them anew from the acts, and operators read of it', async () => {
    if (machine.running.every(({ url }) => url !== '')) await machine.worker();
    const one = await story();
    await one.task('sourceSchool');
    await quiescent(machine);
    const before = await one.show();
    await other.query(`update task set state = 'void' where request_id = $1`, [one.id]);
    await other.query(`update change_request set steps = '[]', version = 99 where id = $1`, [one.id]);
    await other.query(`update read_model_check set began_at = '-infinity'`); // the next round is due
    const operator = await as(systemAt(api), 'operator');
    const incidents = async () => (await operator.get<{ items: Record<string, unknown>[] }>('/operations/incidents')).body.items;
    const differs = ({ requestId, found }: Record<string, unknown>) => requestId === one.id && found === 'readModelDiffers';
    await until(incidents, (items) => items.some(differs), 'the incident');
    expect(await one.show()).toEqual(before);
    expect(await one.approveAll()).toMatchObject({ state: 'approved' });
  });

  it('that hangs while it reconciles loses the lock, and another one reconciles', async () => {
    const key = 424_242;
    const hung = underAdvisoryLock(machine.db, key, () => new Promise<never>(() => undefined), 1_500);
    void hung;
    const mine = () => underAdvisoryLock(machine.db, key, () => Promise.resolve('mine'));
    await sleep(300);
    expect(await mine()).toBeUndefined();
    await until(mine, (got) => got === 'mine', 'the lock to come free');
    const [left] = await inScope(machine.db, 'system', (tx) =>
      tx.query<{ n: string }[]>(`select current_setting('idle_session_timeout') as n`),
    );
    expect(left).toEqual({ n: '0' });
  });
});
