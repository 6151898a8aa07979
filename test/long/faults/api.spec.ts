import { setTimeout as sleep } from 'node:timers/promises';
import { inScope } from '../../../src/platform/database/in-scope.js';
import { freshDatabase, type TestDatabase } from '../../engines/databases.js';
import { as } from '../../fixtures/client.js';
import { acrossCities, Demonstration, withinACounty } from '../../fixtures/demonstration.js';
import { Story, until } from '../../fixtures/story.js';
import { chance, Race } from '../../faults/chance.js';
import { quiescent, violations } from '../../faults/checker.js';
import { filings, Journal } from '../../faults/journal.js';
import { Machine, systemAt, type Program } from '../../faults/machine.js';
import { Proxy } from '../../faults/proxy.js';

const RACES = 30;

describe('API processes', () => {
  let database: TestDatabase;
  let machine: Machine;
  let one: Program;
  let two: Program;
  let demo: Demonstration;
  let journal: Journal;
  beforeAll(async () => {
    database = await freshDatabase();
    machine = await Machine.over(database.url);
    [one, two] = await Promise.all([machine.api(), machine.api(), machine.worker()]);
    demo = await Demonstration.of(systemAt(one));
    journal = new Journal();
  });
  afterEach(async () => {
    await quiescent(machine);
    expect(await violations(machine, journal)).toEqual([]);
  });
  afterAll(async () => {
    await machine?.stop();
    await database?.drop();
  });

  /** The same account signed in at both processes. */
  const atBoth = (username: string) => Promise.all([as(one, username), as(two, username)]);

  it('asked twenty times at once with one key file one request and give one answer', async () => {
    const [school, destination] = withinACounty(demo);
    const [here, there] = await atBoth(demo.holder(school.id, 'schoolClerk'));
    const [filing] = await filings(demo, here, school, 1);
    const asks = Array.from({ length: 20 }, (_, n) =>
      journal.file(n % 2 ? here : there, filing!.studentId, destination, filing!.evidenceId, 'the-same-key'),
    );
    const answers = await Promise.all(asks);
    expect(new Set(answers.map(({ told }) => told))).toEqual(new Set([201]));
    expect(new Set(answers.map(({ body }) => body?.id)).size).toBe(1);
  });

  it('let one of two transfers of a student in, and tell the others that one is open', async () => {
    const [school, destination] = withinACounty(demo);
    const [here, there] = await atBoth(demo.holder(school.id, 'schoolClerk'));
    const [filing] = await filings(demo, here, school, 1);
    const asks = Array.from({ length: 10 }, (_, n) =>
      journal.file(n % 2 ? here : there, filing!.studentId, destination, filing!.evidenceId),
    );
    const answers = await Promise.all(asks);
    expect(answers.map(({ told, code }) => code ?? told).sort()).toEqual([201, ...Array.from({ length: 9 }, () => 'change-already-open')]);
  });

  it('let exactly one of two reviewers decide a task, and tell the other that it is decided', async () => {
    for (let round = 0; round < 6; round += 1) {
      const story = await Story.transfer(systemAt(one), demo, acrossCities(demo));
      const task = await story.task('sourceSchool');
      const [a, b] = demo.holders(task.holder.id, 'schoolReviewer') as [string, string];
      const [[here], [, there]] = await Promise.all([atBoth(a), atBoth(b)]);
      const told = await Promise.all([
        journal.decide(here!, task, 'approve'),
        journal.decide(there!, task, round % 2 ? 'reject' : 'approve'),
      ]);
      expect(told.map(({ told: status, code }) => code ?? status).sort()).toEqual([200, 'already-decided']);
    }
  });

  it('let a recall or the last approval win, never both, in every round', async () => {
    const race = new Race(chance(20260901));
    let recalled = 0;
    const stories = await Promise.all(Array.from({ length: RACES }, () => Story.transfer(systemAt(one), demo, withinACounty(demo))));
    for (const step of ['sourceSchool', 'destinationSchool'])
      await Promise.all(stories.map(async (story) => story.task(step).then(() => story.decide('approve', { step }))));
    for (const story of stories) {
      const task = await story.task('sourceAuthority');
      const [, there] = await atBoth(demo.holder(task.holder.id, 'authorityReviewer'));
      const [decision, recall] = await race.run(
        () => journal.decide(there, task),
        () => journal.post(story.filer, `/change-requests/${story.id}/recall`, (reason) => ({ reason })),
      );
      expect([decision.told, recall.told].sort()).toEqual([200, 409]);
      expect([undefined, 'already-decided', 'already-approved', 'request-closed']).toContain(decision.code ?? recall.code);
      const { state } = await story.settled();
      expect(state).toBe(recall.told === 200 ? 'recalled' : 'approved');
      race.over(decision.told === 200);
      recalled += recall.told === 200 ? 1 : 0;
    }
    expect(recalled).toBeGreaterThan(0);
    expect(recalled).toBeLessThan(RACES);
  });

  it('let a retraction or the next reviewer win, never both, in every round, and double no task', async () => {
    const race = new Race(chance(20260902));
    let retracted = 0;
    const stories = await Promise.all(Array.from({ length: RACES }, () => Story.transfer(systemAt(one), demo, withinACounty(demo))));
    for (const story of stories) {
      const first = await story.task('sourceSchool');
      expect((await story.decide('approve')).status).toBe(200);
      const next = await story.task('destinationSchool');
      const [here] = await atBoth(demo.holder(first.holder.id, 'schoolReviewer'));
      const [, there] = await atBoth(demo.holder(next.holder.id, 'schoolReviewer'));
      const [retraction, decision] = await race.run(
        () => journal.post(here, `/tasks/${first.id}/retraction`, (reason) => ({ reason })),
        () => journal.decide(there, next),
      );
      expect([retraction.told, decision.told].sort()).toEqual([200, 409]);
      expect([retraction.code, decision.code]).toEqual(
        retraction.told === 200 ? [undefined, 'already-decided'] : ['next-step-begun', undefined],
      );
      const { steps, currentTasks } = await story.settled();
      // Whoever came first, one task is open: the own step's second visit, or the one after the next.
      const stands = retraction.told === 200 ? { step: 'sourceSchool', visit: 2 } : { step: 'sourceAuthority', visit: 1 };
      expect(currentTasks).toMatchObject([stands]);
      expect(steps.filter(({ state }) => state === 'open').map(({ id }) => id)).toEqual([stands.step]);
      race.over(retraction.told === 200);
      retracted += retraction.told === 200 ? 1 : 0;
    }
    expect(retracted).toBeGreaterThan(0);
    expect(retracted).toBeLessThan(RACES);
    for (const story of stories) expect((await story.approveAll()).state).toBe('approved');
  });

  it('killed while decisions are under way leave each either wholly taken or not, and the key tells which', async () => {
    const random = chance(7);
    const { hostname, port } = new URL(database.url);
    const outcomes: string[] = [];
    for (let round = 0; round < 4; round += 1) {
      const wire = await Proxy.to(hostname, Number(port));
      const victim = await machine.api({ DATABASE_URL: wire.through(database.url) });
      const stories = await Promise.all(Array.from({ length: 5 }, () => Story.transfer(systemAt(one), demo, withinACounty(demo))));
      const decisions = await Promise.all(
        stories.map(async (story) => {
          const task = await story.task('sourceSchool');
          const username = demo.holder(task.holder.id, 'schoolReviewer');
          return { task, username, client: await as(victim, username) };
        }),
      );
      const taken = async () => (await Promise.all(decisions.map(({ task }) => decidedActs(task.id)))).reduce((sum, n) => sum + n);
      // In every other round it dies between the commit and its hearing of it; in the rest at any moment.
      if (round % 2 === 0) wire.lose(...Array.from({ length: 5 }, () => 'answer' as const));
      const sent = decisions.map(({ client, task }) => journal.decide(client, task));
      if (round % 2 === 0) await until(taken, (n) => n > random() * 4, 'a decision to be committed');
      else await sleep(random() * 60);
      await victim.kill();
      await wire.close();
      for (const [n, entry] of (await Promise.all(sent)).entries()) {
        const { username, task } = decisions[n]!;
        const there = await decidedActs(task.id);
        const again = await entry.resolve(await as(one, username));
        expect([again.told, await decidedActs(task.id)]).toEqual([200, 1]);
        if (entry.told === 200) expect([there, again.body]).toEqual([1, entry.body]);
        outcomes.push(entry.told === 200 ? 'told' : there === 1 ? 'taken, not told' : 'not taken');
      }
    }
    expect(outcomes).toContain('taken, not told');
    expect(new Set(outcomes).size).toBeGreaterThan(1);
  });

  it('killed after a commit and before its wake: the reconciler wakes the process', async () => {
    // This API cannot reach Temporal at all, so none of its wakes arrives.
    const mute = await machine.api({ TEMPORAL_ADDRESS: '127.0.0.1:1' });
    const story = await Story.transfer(systemAt(mute), demo, withinACounty(demo));
    await mute.kill();
    const began = Date.now();
    await quiescent(machine, 20_000);
    expect(Date.now() - began).toBeLessThan(15_000);
    const seen = await (await as(one, demo.holder(story.source.id, 'schoolClerk'))).get(`/change-requests/${story.id}`);
    expect(seen.body.currentTasks).toHaveLength(1);
  });

  async function decidedActs(taskId: string): Promise<number> {
    const rows = await inScope(machine.db, 'system', (tx) =>
      tx.query<unknown[]>(`select 1 from act where kind = 'decided' and body->>'taskId' = $1`, [taskId]),
    );
    return rows.length;
  }
});
