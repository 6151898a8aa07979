import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { freshDatabase, type TestDatabase } from '../../engines/databases.js';
import { as, ApiClient } from '../../fixtures/client.js';
import { Demonstration, withinACounty } from '../../fixtures/demonstration.js';
import { Story, until } from '../../fixtures/story.js';
import { quiescent, violations } from '../../faults/checker.js';
import { filings, Journal } from '../../faults/journal.js';
import { Machine, systemAt, type Program } from '../../faults/machine.js';
import { Proxy, type Loss } from '../../faults/proxy.js';

/** What the longest wait for an answer may be: a connection, a lock and a statement may each take their time. */
const BOUND = 20_000;

describe('a database that answers late, half or not at all', () => {
  let database: TestDatabase;
  let machine: Machine;
  let wire: Proxy;
  let behindTheWire: Program;
  let direct: Program;
  let demo: Demonstration;
  let journal: Journal;
  beforeAll(async () => {
    database = await freshDatabase();
    machine = await Machine.over(database.url);
    const { hostname, port } = new URL(database.url);
    wire = await Proxy.to(hostname, Number(port));
    [behindTheWire, direct] = await Promise.all([
      machine.api({ DATABASE_URL: wire.through(database.url), DATABASE_POOL: '3' }),
      machine.api(),
      machine.worker(),
    ]);
    demo = await Demonstration.of(systemAt(direct));
    journal = new Journal();
  });
  afterEach(async () => {
    wire.silent = false;
    wire.delay = 0;
    await quiescent(machine);
    expect(await violations(machine, journal)).toEqual([]);
  });
  afterAll(async () => {
    await machine?.stop();
    await wire?.close();
    await database?.drop();
  });

  const busy = { told: 503, code: 'busy' };
  const health = async () => ({ status: (await fetch(`${behindTheWire.url}/health/ready`)).status });

  it.each<[string, Loss, number]>([
    ['the answer to a COMMIT is lost', 'answer', 1],
    ['a COMMIT is lost on its way', 'commit', 0],
  ])('tells the client 503 when %s, and the same key gives what was committed, once', async (_, loss, committed) => {
    const story = await Story.transfer(systemAt(direct), demo, withinACounty(demo));
    const filedBefore = (await story.filer.get<{ items: object[] }>('/change-requests?limit=200')).body.items.length;
    const lostBefore = wire.lost;
    const task = await story.task('sourceSchool');
    const reviewer = await as(behindTheWire, demo.holder(task.holder.id, 'schoolReviewer'));
    const [school, destination] = withinACounty(demo);
    const clerk = await as(behindTheWire, demo.holder(school.id, 'schoolClerk'));
    const [filing] = await filings(demo, clerk, school, 1);
    wire.lose(loss, loss);
    const [entry, filed] = await Promise.all([
      journal.decide(reviewer, task),
      journal.file(clerk, filing!.studentId, destination, filing!.evidenceId),
    ]);
    expect([entry, filed]).toMatchObject([busy, busy]);
    expect(Math.max(entry.milliseconds, filed.milliseconds)).toBeLessThan(BOUND);
    const { timeline } = await story.show();
    expect(timeline.filter(({ kind }) => kind === 'decided')).toHaveLength(committed);
    const { body } = await story.filer.get<{ items: object[] }>('/change-requests?limit=200');
    expect(body.items).toHaveLength(filedBefore + committed);
    expect(await entry.resolve()).toMatchObject({ told: 200, body: { id: task.id, state: 'decided' } });
    expect(await filed.resolve()).toMatchObject({ told: 201 });
    expect(wire.lost).toBe(lostBefore + 2);
  });

  it('still has its whole pool after lost COMMITs', async () => {
    const began = Date.now();
    const reads = await Promise.all(Array.from({ length: 12 }, () => new ApiClient(behindTheWire.url).get('/demo')));
    expect(reads.map(({ status }) => status)).toEqual(reads.map(() => 200));
    expect(Date.now() - began).toBeLessThan(BOUND);
  });

  it('answers 503 within the bounds while every connection of the pool is held, and recovers', async () => {
    const stories = await Promise.all(Array.from({ length: 6 }, () => Story.transfer(systemAt(direct), demo, withinACounty(demo))));
    const decisions = await Promise.all(
      stories.map(async (story) => {
        const task = await story.task('sourceSchool');
        return { task, reviewer: await as(behindTheWire, demo.holder(task.holder.id, 'schoolReviewer')) };
      }),
    );
    const holder = new pg.Client({ connectionString: database.url });
    await holder.connect();
    await holder.query('begin');
    await holder.query('select 1 from change_request where id = any($1) for update', [stories.map(({ id }) => id)]);
    const entries = await Promise.all(decisions.map(({ reviewer, task }) => journal.decide(reviewer, task)));
    expect(entries.map(({ told, code }) => ({ told, code }))).toEqual(entries.map(() => busy));
    expect(Math.max(...entries.map(({ milliseconds }) => milliseconds))).toBeLessThan(BOUND);
    await holder.query('commit');
    await holder.end();
    await journal.resolve();
    expect(journal.told(200).length).toBeGreaterThanOrEqual(6);
  });

  it('answers, late, while every packet takes long', async () => {
    const story = await Story.transfer(systemAt(direct), demo, withinACounty(demo));
    const task = await story.task('sourceSchool');
    const reviewer = await as(behindTheWire, demo.holder(task.holder.id, 'schoolReviewer'));
    wire.delay = 150;
    const entry = await journal.decide(reviewer, task);
    wire.delay = 0;
    expect(entry.told).toBe(200);
    expect(entry.milliseconds).toBeGreaterThan(1_500);
  });

  it('answers 503 within the bounds when the database falls silent without closing, and recovers', async () => {
    const story = await Story.transfer(systemAt(direct), demo, withinACounty(demo));
    const task = await story.task('sourceSchool');
    const reviewer = await as(behindTheWire, demo.holder(task.holder.id, 'schoolReviewer'));
    wire.silent = true;
    const deciding = Array.from({ length: 5 }, () => journal.decide(reviewer, task));
    await sleep(100);
    expect(await health()).toEqual({ status: 503 });
    const entries = await Promise.all(deciding);
    expect(entries.map(({ told, code }) => ({ told, code }))).toEqual(entries.map(() => busy));
    expect(Math.max(...entries.map(({ milliseconds }) => milliseconds))).toBeLessThan(BOUND);
    wire.silent = false;
    await until(health, ({ status }) => status === 200, 'the API to be ready again');
    await journal.resolve();
    expect(entries.map(({ key }) => journal.entries.get(key)?.told).sort()).toEqual([200, 409, 409, 409, 409]);
  });
});
