import { randomUUID } from 'node:crypto';
import { inScope } from '../../src/platform/database/in-scope.js';
import { addDays, instantOf } from '../../src/domain/working-days.js';
import { as, refused, type ApiClient } from '../fixtures/client.js';
import { acrossCounties, Demonstration } from '../fixtures/demonstration.js';
import { staySignedIn } from '../fixtures/owner.js';
import { Story, type Detail } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';

type Task = Detail['currentTasks'][number];

describe('further moves on a task', () => {
  let system: System;
  let demo: Demonstration;
  beforeAll(async () => {
    system = await startSystem();
    await staySignedIn(system);
    demo = await Demonstration.of(system);
  });
  afterAll(() => system?.stop());

  const transfer = () => Story.transfer(system, demo, acrossCounties(demo));
  const decision = ({ version }: Task, more = {}) => ({ verdict: 'approve', opinion: '同意', version, ...more });
  const decide = (client: ApiClient, task: Task, more = {}) => client.post(`/tasks/${task.id}/decision`, decision(task, more));
  const retract = (client: ApiClient, { id }: Task) => client.post(`/tasks/${id}/retraction`, { reason: '误点' });
  const named = async (client: ApiClient) => {
    const { id, displayName } = (await client.get<{ id: string; displayName: string }>('/me')).body;
    return { id, displayName };
  };
  const personId = async (client: ApiClient) => (await client.get<{ id: string }>('/me')).body.id;

  describe('taking back the own decision', () => {
    it('voids the next task and opens the own step anew; the way to the end stays open', async () => {
      const story = await transfer();
      const task = await story.task();
      const reviewer = await story.reviewer(task);
      await decide(reviewer, task);
      const next = await story.task('destinationSchool');
      expect(await retract(await story.reviewer(task, 1), task)).toMatchObject(refused(403, 'not-your-decision'));
      expect((await reviewer.get(`/tasks/${task.id}`)).body.retractedAt).toBeNull();
      expect(await retract(reviewer, task)).toMatchObject({ status: 200, body: { state: 'decided', retractedAt: expect.any(String) } });
      expect(await story.task('sourceSchool')).toMatchObject({ visit: 2 });
      expect((await (await story.reviewer(next)).get(`/tasks/${next.id}`)).body.state).toBe('void');
      expect(await retract(reviewer, task)).toMatchObject(refused(409, 'nothing-to-retract'));
      expect((await story.approveAll()).state).toBe('approved');
      expect((await story.show()).timeline.find(({ kind }) => kind === 'retracted')).toMatchObject({
        step: 'sourceSchool',
        reason: '误点',
      });
    });

    it('is refused once the next task is claimed', async () => {
      const story = await transfer();
      const task = await story.task();
      await decide(await story.reviewer(task), task);
      const next = await story.task('destinationSchool');
      await (await story.reviewer(next)).post(`/tasks/${next.id}/claim`);
      expect(await retract(await story.reviewer(task), task)).toMatchObject(refused(409, 'next-step-begun'));
    });

    it('races the next reviewer: exactly one of the two wins, and the case stands as the ledger says', async () => {
      const stories = await Promise.all([1, 2, 3, 4, 5, 6].map(() => transfer()));
      const outcomes = await Promise.all(
        stories.map(async (story, i) => {
          const task = await story.task();
          const reviewer = await story.reviewer(task);
          await decide(reviewer, task);
          const next = await story.task('destinationSchool');
          const other = await story.reviewer(next);
          const moves = [() => retract(reviewer, task), () => decide(other, next)];
          const [first, second] = await Promise.all((i % 2 > 0 ? moves : moves.reverse()).map((move) => move()));
          const statuses = [first?.status, second?.status];
          expect(statuses.filter((status) => status === 200)).toHaveLength(1);
          const won = (i % 2 > 0 ? first : second)?.status === 200 ? 'retracted' : 'decided';
          const lost = (first?.status === 200 ? second : first)?.body.code;
          expect(lost).toBe(won === 'retracted' ? 'already-decided' : 'next-step-begun');
          const open = await story.task();
          expect(open.step).toBe(won === 'retracted' ? 'sourceSchool' : 'sourceAuthority');
          return won;
        }),
      );
      expect(outcomes).toHaveLength(6);
    });
  });

  it('an inbox is asked for what one has in hand oneself, or for the rest', async () => {
    const story = await transfer();
    const task = await story.task();
    const [first, second] = [await story.reviewer(task), await story.reviewer(task, 1)];
    const lists = (client: ApiClient) =>
      Promise.all(
        ['true', 'false'].map(async (mine) => {
          const { body } = await client.get<{ items: { id: string }[] }>(`/tasks?limit=200&mine=${mine}`);
          return body.items.some(({ id }) => id === task.id);
        }),
      );
    expect(await lists(first)).toEqual([false, true]);
    await first.post(`/tasks/${task.id}/claim`);
    expect([await lists(first), await lists(second)]).toEqual([
      [true, false],
      [false, true],
    ]);
    await first.post(`/tasks/${task.id}/reassignment`, { to: await personId(second), reason: '休假' });
    expect([await lists(first), await lists(second)]).toEqual([
      [false, true],
      [true, false],
    ]);
    const superior = await as(system, demo.holder(story.source.parentId ?? '', 'authoritySupervisor'));
    expect((await superior.get('/tasks?mine=true')).body.items).toEqual([]);
  });

  describe('a return', () => {
    it('names all that is missing at once', async () => {
      const story = await transfer();
      const missing = ['户口迁移证明', '监护人签字'];
      const task = await story.task();
      expect(await decide(await story.reviewer(task), task, { missing })).toMatchObject({
        status: 422,
        body: { code: 'invalid-input', errors: [{ pointer: '/missing' }] },
      });
      expect((await decide(await story.reviewer(task), task, { verdict: 'return', opinion: '缺材料', missing })).status).toBe(200);
      expect((await story.settled()).timeline.find(({ verdict }) => verdict === 'return')).toMatchObject({ missing, opinion: '缺材料' });
    });

    it('goes to any earlier step that the task publishes; that step decides again, and the case goes on from there', async () => {
      const story = await transfer();
      for (const step of ['sourceSchool', 'destinationSchool', 'sourceAuthority']) await story.decide('approve', { step });
      const task = await story.task('destinationAuthority');
      const reviewer = await story.reviewer(task);
      expect((await reviewer.get(`/tasks/${task.id}`)).body.returnTo).toEqual(['sourceSchool', 'destinationSchool', 'sourceAuthority']);
      const back = { verdict: 'return', opinion: '请重新安置' };
      expect(await decide(reviewer, task, { ...back, to: 'destinationAuthority' })).toMatchObject(refused(422, 'not-an-earlier-step'));
      expect((await decide(reviewer, task, { ...back, to: 'destinationSchool' })).status).toBe(200);
      expect(await story.task()).toMatchObject({ step: 'destinationSchool', visit: 2, capacity: 'destinationSchool' });
      expect((await story.settled()).timeline.find(({ verdict }) => verdict === 'return')).toMatchObject({
        returnedTo: 'destinationSchool',
      });
      await story.decide('approve');
      expect(await story.task()).toMatchObject({ step: 'sourceAuthority', visit: 2 });
      expect((await story.approveAll()).state).toBe('approved');
    });
  });

  describe('delegating', () => {
    it('asks a colleague, whose answer gives the task back to the delegator alone', async () => {
      const story = await transfer();
      const task = await story.task();
      const [one, other] = [await story.reviewer(task), await story.reviewer(task, 1)];
      const [me, colleague] = [await personId(one), await personId(other)];
      const outside = await personId(await as(system, demo.holder(story.destination.id, 'schoolReviewer')));
      expect(await one.post(`/tasks/${task.id}/delegation`, { to: outside, question: '请说明' })).toMatchObject(
        refused(422, 'not-an-office-holder'),
      );
      expect(await one.post(`/tasks/${task.id}/delegation`, { to: colleague, question: '请核对' })).toMatchObject({
        status: 200,
        body: { assigneeId: me, delegateId: colleague, allowedVerdicts: [] },
      });
      expect((await other.get(`/tasks/${task.id}`)).body).toMatchObject({ assignee: { id: me }, delegate: await named(other) });
      expect(await decide(one, task)).toMatchObject(refused(409, 'delegated'));
      expect(await decide(other, task)).toMatchObject(refused(403, 'not-your-task'));
      expect(await one.post(`/tasks/${task.id}/delegation/answer`, { answer: '我' })).toMatchObject(refused(403, 'not-delegated-to-you'));
      expect(await other.post(`/tasks/${task.id}/delegation/answer`, { answer: '属实' })).toMatchObject({
        status: 200,
        body: { assigneeId: me, delegateId: null },
      });
      expect((await decide(one, task)).status).toBe(200);
      const { timeline } = await story.settled();
      expect(timeline.find(({ kind }) => kind === 'delegated')).toMatchObject({
        delegateId: colleague,
        delegate: await named(other),
        question: '请核对',
      });
      expect(timeline.find(({ kind }) => kind === 'delegationEnded')).toMatchObject({ how: 'answered', opinion: '属实' });
    });

    it('is not to oneself, which would only keep the task from being decided', async () => {
      const story = await transfer();
      const task = await story.task();
      const one = await story.reviewer(task);
      const asked = await one.post(`/tasks/${task.id}/delegation`, { to: await personId(one), question: '请说明' });
      expect(asked).toMatchObject(refused(422, 'not-yours-to-delegate'));
      expect((await decide(one, task)).status).toBe(200);
    });

    it('is withdrawn by the delegator', async () => {
      const story = await transfer();
      const task = await story.task();
      const [one, other] = [await story.reviewer(task), await story.reviewer(task, 1)];
      await one.post(`/tasks/${task.id}/delegation`, { to: await personId(other), question: '请核对' });
      expect(await other.post(`/tasks/${task.id}/delegation/withdrawal`)).toMatchObject(refused(403, 'not-delegated-by-you'));
      expect((await one.post(`/tasks/${task.id}/delegation/withdrawal`)).body.delegateId).toBeNull();
      expect((await decide(one, task)).status).toBe(200);
    });
  });

  describe('a batch that is only tried out', () => {
    it('answers each item as the decision would be, and decides nothing', async () => {
      const story = await transfer();
      const task = await story.task();
      const reviewer = await story.reviewer(task);
      const items = [
        { taskId: task.id, ...decision(task) },
        { taskId: task.id, ...decision(task, { version: 9 }) },
        { taskId: task.id, ...decision(task, { verdict: 'reject', opinion: '' }) },
        { taskId: task.id, ...decision(task, { data: { majorCode: '710201' } }) },
      ];
      const before = (await story.show()).timeline.length;
      const { body } = await reviewer.post('/tasks/decisions', { items, dryRun: true });
      expect(body.items.map(({ status }: { status: number }) => status)).toEqual([200, 409, 422, 422]);
      expect(body.items[0].task.state).toBe('open');
      expect((await story.show()).timeline).toHaveLength(before);
      const really = await reviewer.post('/tasks/decisions', { items: items.slice(0, 1) });
      expect(really.body.items).toMatchObject([{ status: 200, task: { state: 'decided' } }]);
    });
  });

  describe('a batch that has a task twice', () => {
    it('decides it by the first and refuses the second, tried out or not, and the same when it is sent again', async () => {
      const story = await transfer();
      const task = await story.task();
      const reviewer = await story.reviewer(task);
      const items = [
        { taskId: task.id, ...decision(task) },
        { taskId: task.id, ...decision(task, { opinion: '再次同意' }) },
      ];
      const twice = [{ status: 200 }, { status: 409, problem: { code: 'already-decided' } }];
      expect((await reviewer.post('/tasks/decisions', { items, dryRun: true })).body.items).toMatchObject(twice);
      const key = randomUUID();
      expect((await reviewer.post('/tasks/decisions', { items }, key)).body.items).toMatchObject(twice);
      expect((await reviewer.post('/tasks/decisions', { items }, key)).body.items).toMatchObject(twice);
      expect((await story.settled()).timeline.filter(({ kind }) => kind === 'decided')).toHaveLength(1);
    });
  });

  describe('a batch of which one decision fails', () => {
    it('says so of that one, decides the others, and takes the one in when it is sent again with its key', async () => {
      const stories = [await transfer(), await transfer(), await transfer()];
      const tasks = await Promise.all(stories.map((story) => story.task()));
      const reviewer = await stories[0]!.reviewer(tasks[0]!);
      const items = tasks.map((task) => ({ taskId: task.id, ...decision(task) }));
      const key = randomUUID();
      const statuses = ({ body }: { body: { items: { status: number }[] } }) => body.items.map(({ status }) => status);
      // Somebody holds the second request for longer than a statement waits.
      const first = await inScope(system.db, 'system', async (tx) => {
        await tx.query('select 1 from change_request where id = $1 for update', [stories[1]!.id]);
        return reviewer.post('/tasks/decisions', { items }, key);
      });
      expect(first).toMatchObject({ status: 200, body: { items: [{}, { problem: { code: 'busy' } }, {}] } });
      expect(statuses(first)).toEqual([200, 503, 200]);
      expect(system.logs.some((line) => line.includes('"code":"busy"') && line.includes('55P03'))).toBe(true);
      const again = await reviewer.post('/tasks/decisions', { items }, key);
      expect(statuses(again)).toEqual([200, 200, 200]);
      expect([again.body.items[0], again.body.items[2]]).toEqual([first.body.items[0], first.body.items[2]]);
      for (const story of stories) expect((await story.show()).timeline.filter(({ kind }) => kind === 'decided')).toHaveLength(1);
    });
  });

  describe('a claim', () => {
    it('lapses at the end of the second working day, and then another may take the task', async () => {
      const story = await transfer();
      const task = await story.task();
      const [one, other] = [await story.reviewer(task), await story.reviewer(task, 1)];
      const { body: claimed } = await one.post(`/tasks/${task.id}/claim`);
      const due = await one.get(`/calendar/deadline?from=${system.time.today()}&workingDays=2`);
      const lapses = instantOf(addDays(due.body.dueDate as string, 1));
      expect(Date.parse(claimed.claimLapsesAt as string)).toBe(lapses);
      await system.time.pass(lapses - system.time.now() - 60_000);
      expect(await decide(other, task)).toMatchObject(refused(409, 'already-claimed'));
      await system.time.pass(120_000);
      expect((await other.get(`/tasks/${task.id}`)).body).toMatchObject({ claimantId: null, claimLapsesAt: null });
      expect((await decide(other, task)).status).toBe(200);
    });

    it('keeps colleagues from reassigning the task, not the claimant, the supervisor or the operator', async () => {
      const story = await transfer();
      for (const step of ['sourceSchool', 'destinationSchool']) await story.decide('approve', { step });
      const task = await story.task('sourceAuthority');
      const [first, second] = [await story.reviewer(task, 0), await story.reviewer(task, 1)];
      const [one, other] = [await personId(first), await personId(second)];
      const reassign = (client: ApiClient, to: string) => client.post(`/tasks/${task.id}/reassignment`, { to, reason: '转办' });
      const claim = async (client: ApiClient) => expect((await client.post(`/tasks/${task.id}/claim`)).status).toBe(200);
      await claim(first);
      expect(await reassign(second, other)).toMatchObject(refused(409, 'already-claimed'));
      expect(await reassign(first, other)).toMatchObject({ status: 200, body: { assigneeId: other, claimantId: null } });
      await claim(second);
      expect(await reassign(first, one)).toMatchObject(refused(409, 'already-claimed'));
      const supervisor = await as(system, demo.holder(task.holder.id, 'authoritySupervisor'));
      expect(await reassign(supervisor, one)).toMatchObject({ status: 200, body: { assigneeId: one } });
      await claim(first);
      expect(await reassign(await as(system, 'operator'), other)).toMatchObject({ status: 200, body: { assigneeId: other } });
      const { timeline } = await story.settled();
      expect(timeline.flatMap(({ kind, by }) => (kind === 'reassigned' ? [by?.office] : []))).toEqual([
        'authorityReviewer',
        'authoritySupervisor',
        'operator',
      ]);
    });
  });
});
