import { randomUUID } from 'node:crypto';
import { appointed } from '../fixtures/appointed.js';
import { openClass } from '../fixtures/classes.js';
import { as, type ApiClient } from '../fixtures/client.js';
import { acrossCounties, Demonstration, withinACounty } from '../fixtures/demonstration.js';
import { asOwner, staySignedIn } from '../fixtures/owner.js';
import { Story, type Detail } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';

type Task = Detail['currentTasks'][number];

describe('the moves on a transfer', () => {
  let system: System;
  let demo: Demonstration;
  beforeAll(async () => {
    system = await startSystem();
    await staySignedIn(system);
    demo = await Demonstration.of(system);
  });
  afterAll(() => system?.stop());

  const transfer = (more = {}) => Story.transfer(system, demo, acrossCounties(demo), more);
  const refused = (status: number, code: string) => ({ status, body: { code }, type: expect.stringContaining('application/problem+json') });
  const decision = (task: Task, more = {}) => ({ verdict: 'approve', opinion: '同意', version: task.version, ...more });
  const decide = (client: ApiClient, task: Task, more = {}) => client.post(`/tasks/${task.id}/decision`, decision(task, more));
  const usernameOf = (task: Task, nth = 0) => demo.holders(task.holder.id, 'schoolReviewer')[nth] as string;
  const personId = async (client: ApiClient) => (await client.get<{ id: string }>('/me')).body.id;

  describe('a decision', () => {
    const STEPS = ['sourceSchool', 'destinationSchool', 'sourceAuthority', 'destinationAuthority'];
    it.each(STEPS)('that rejects at %s ends the request and leaves the student where they are', async (step) => {
      const story = await transfer();
      for (const before of STEPS.slice(0, STEPS.indexOf(step))) await story.decide('approve', { step: before });
      expect(await story.decide('reject', { step, opinion: '' })).toMatchObject(refused(422, 'opinion-required'));
      expect(await story.decide('reject', { step, opinion: '材料不实' })).toMatchObject({
        status: 200,
        body: { state: 'decided', verdict: 'reject' },
      });
      const detail = await story.settled();
      expect(detail).toMatchObject({ state: 'rejected', currentTasks: [], hold: null });
      expect(detail.timeline.find(({ verdict }) => verdict === 'reject')).toMatchObject({ step, opinion: '材料不实' });
      expect((await story.filer.get(`/students/${story.studentId}`)).body).toMatchObject({ schoolId: story.source.id, state: 'active' });
      expect(await story.filer.post(`/change-requests/${story.id}/recall`, { reason: '算了' })).toMatchObject(
        refused(409, 'request-closed'),
      );
    });

    it('on a version that has moved is refused with the present one', async () => {
      const story = await transfer();
      const task = await story.task();
      const answer = await decide(await story.reviewer(task), task, { version: task.version + 1 });
      expect(answer).toMatchObject(refused(409, 'stale-version'));
      expect(answer.body.version).toBe(task.version);
    });

    it('is taken once: the second is told that the task is decided', async () => {
      const story = await transfer();
      const task = await story.task();
      const [first, second] = [await story.reviewer(task, 0), await story.reviewer(task, 1)];
      expect((await decide(first, task)).status).toBe(200);
      expect(await decide(second, task)).toMatchObject(refused(409, 'already-decided'));
      expect(await decide(first, task)).toMatchObject(refused(409, 'already-decided'));
    });

    it('of two reviewers at once is taken from exactly one', async () => {
      const story = await transfer();
      const task = await story.task();
      const both = await Promise.all([0, 1].map(async (nth) => decide(await story.reviewer(task, nth), task)));
      expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
      const { timeline } = await story.settled();
      expect(timeline.filter(({ kind, step }) => kind === 'decided' && step === 'sourceSchool')).toHaveLength(1);
    });

    it('is refused to a clerk, to a reviewer of another school and, as if the task were not there, to who may not see it', async () => {
      const story = await transfer();
      const task = await story.task();
      const stranger = demo.schools().find(({ id }) => id !== story.source.id && id !== story.destination.id);
      expect(await decide(story.filer, task)).toMatchObject(refused(403, 'not-your-task'));
      expect(await decide(await as(system, demo.holder(story.destination.id, 'schoolReviewer')), task)).toMatchObject(
        refused(403, 'not-your-task'),
      );
      expect(await decide(await as(system, demo.holder(stranger?.id ?? '', 'schoolReviewer')), task)).toMatchObject(
        refused(404, 'not-found'),
      );
    });

    it('of a supervisor or an operator is refused: who supervises does not decide for the holder', async () => {
      const story = await transfer();
      const task = await story.task();
      const supervisor = await as(system, demo.holder(story.source.parentId ?? '', 'authoritySupervisor'));
      expect(await decide(supervisor, task)).toMatchObject(refused(403, 'not-your-task'));
    });
  });

  describe('what a task publishes', () => {
    it('is the verdicts that the one who reads may give, and no verdict to who may only look', async () => {
      const story = await transfer();
      const task = await story.task();
      const reviewer = await story.reviewer(task);
      expect((await reviewer.get(`/tasks/${task.id}`)).body).toMatchObject({
        allowedVerdicts: ['approve', 'reject', 'return'],
        dataSchema: null,
      });
      expect((await reviewer.get(`/tasks/${task.id.toUpperCase()}`)).body).toMatchObject({
        allowedVerdicts: ['approve', 'reject', 'return'],
      });
      expect((await story.filer.get(`/tasks/${task.id}`)).body.allowedVerdicts).toEqual([]);
    });

    it('is the placement that the destination school gives; what is left out keeps its present value', async () => {
      const story = await transfer();
      const before = (await story.filer.get(`/students/${story.studentId}`)).body.enrolment;
      await story.decide('approve', { step: 'sourceSchool' });
      const task = await story.task('destinationSchool');
      const { body } = await (await story.reviewer(task)).get(`/tasks/${task.id}`);
      expect(Object.keys(body.dataSchema.properties)).toEqual(['majorCode', 'grade', 'className', 'firstDay']);
      const firstDay = system.time.today();
      await openClass(system, demo, story.destination, { name: '转学班', grade: before.grade, majorCode: before.majorCode });
      expect((await story.decide('approve', { data: { className: '转学班', firstDay } })).status).toBe(200);
      await story.approveAll();
      const there = await as(system, demo.holder(story.destination.id, 'schoolClerk'));
      expect((await there.get(`/students/${story.studentId}`)).body.enrolment).toMatchObject({
        majorCode: before.majorCode,
        grade: before.grade,
        enrolledOn: before.enrolledOn,
        className: '转学班',
        validFrom: firstDay,
        school: { id: story.destination.id },
      });
    });

    it('binds: a step takes no data that it did not ask for, and placement only in its form', async () => {
      const story = await transfer();
      expect(await story.decide('approve', { data: { majorCode: '710201' } })).toMatchObject({
        status: 422,
        body: { code: 'invalid-input', errors: [{ pointer: '/data/majorCode' }] },
      });
      await story.decide('approve', { step: 'sourceSchool' });
      const wrong = await story.decide('approve', {
        step: 'destinationSchool',
        data: { majorCode: '计算机', grade: 'x', firstDay: '2026-02-30' },
      });
      expect(wrong.status).toBe(422);
      expect((wrong.body.errors as { pointer: string }[]).map(({ pointer }) => pointer).sort()).toEqual([
        '/data/firstDay',
        '/data/grade',
        '/data/majorCode',
      ]);
    });
  });

  describe('claiming', () => {
    it('keeps the task for one reviewer until it is released', async () => {
      const story = await transfer();
      const task = await story.task();
      const [first, second] = [await story.reviewer(task, 0), await story.reviewer(task, 1)];
      expect(await first.post(`/tasks/${task.id}/release`)).toMatchObject(refused(409, 'not-claimed-by-you'));
      expect(await first.post(`/tasks/${task.id}/claim`)).toMatchObject({
        status: 200,
        body: { claimantId: await personId(first), version: task.version },
      });
      expect(await second.post(`/tasks/${task.id}/claim`)).toMatchObject(refused(409, 'already-claimed'));
      expect(await decide(second, task)).toMatchObject(refused(409, 'already-claimed'));
      expect(await second.post(`/tasks/${task.id}/release`)).toMatchObject(refused(409, 'not-claimed-by-you'));
      expect((await first.post(`/tasks/${task.id}/release`)).body.claimantId).toBeNull();
      expect((await decide(second, task)).status).toBe(200);
    });

    it('is for who may decide', async () => {
      const story = await transfer();
      const task = await story.task();
      expect(await story.filer.post(`/tasks/${task.id}/claim`)).toMatchObject(refused(403, 'not-your-task'));
    });
  });

  describe('reassigning', () => {
    it('by the holder gives the task to another of the same office, who alone decides it then', async () => {
      const story = await transfer();
      const task = await story.task();
      const [first, second] = [await story.reviewer(task, 0), await story.reviewer(task, 1)];
      const to = await personId(second);
      const moved = await first.post(`/tasks/${task.id}/reassignment`, { to: to.toUpperCase(), reason: '出差' });
      expect(moved).toMatchObject({ status: 200, body: { assigneeId: to, version: task.version + 1, allowedVerdicts: [] } });
      expect(await decide(first, task, { version: task.version + 1 })).toMatchObject(refused(403, 'not-your-task'));
      expect((await decide(second, task, { version: task.version + 1 })).status).toBe(200);
      const { timeline } = await story.settled();
      expect(timeline.find(({ kind }) => kind === 'reassigned')).toMatchObject({ assigneeId: to, reason: '出差' });
    });

    it('goes to nobody outside that office, and not to the filer', async () => {
      const story = await transfer();
      const task = await story.task();
      const reviewer = await story.reviewer(task);
      const elsewhere = await as(system, demo.holder(story.destination.id, 'schoolReviewer'));
      for (const to of [await personId(elsewhere), randomUUID()])
        expect(await reviewer.post(`/tasks/${task.id}/reassignment`, { to, reason: '出差' })).toMatchObject(
          refused(422, 'not-an-office-holder'),
        );
      expect(await reviewer.post(`/tasks/${task.id}/reassignment`, { to: await personId(story.filer), reason: '出差' })).toMatchObject(
        refused(403, 'separation-of-duties'),
      );
    });

    it('and urging are not for a superior before the task was escalated', async () => {
      const story = await transfer();
      const task = await story.task();
      const supervisor = await as(system, demo.holder(story.source.parentId ?? '', 'authoritySupervisor'));
      const to = await personId(await story.reviewer(task, 1));
      expect(await supervisor.post(`/tasks/${task.id}/reassignment`, { to, reason: '催' })).toMatchObject(refused(403, 'not-your-task'));
      expect(await supervisor.post(`/tasks/${task.id}/urge`)).toMatchObject(refused(403, 'not-your-task'));
    });
  });

  describe('recalling', () => {
    it('ends the request for its filer and makes the open task void', async () => {
      const story = await transfer();
      const task = await story.task();
      const reviewer = await story.reviewer(task);
      expect((await story.filer.post(`/change-requests/${story.id}/recall`, { reason: '家长改变主意' })).status).toBe(200);
      expect(await story.settled()).toMatchObject({ state: 'recalled', currentTasks: [] });
      expect((await reviewer.get(`/tasks/${task.id}`)).body).toMatchObject({ state: 'void', allowedVerdicts: [] });
      expect(await decide(reviewer, task)).toMatchObject(refused(409, 'already-decided'));
      expect((await Story.transfer(system, demo, acrossCounties(demo), { studentId: story.studentId })).id).not.toBe(story.id);
    });

    it('is not for others: a reviewer, the destination school, or who may not see the request', async () => {
      const story = await transfer();
      const recall = async (username: string) =>
        (await as(system, username)).post(`/change-requests/${story.id}/recall`, { reason: '不同意' });
      expect(await recall(demo.holder(story.source.id, 'schoolReviewer'))).toMatchObject(refused(403, 'not-your-request'));
      expect(await recall(demo.holder(story.destination.id, 'schoolClerk'))).toMatchObject(refused(403, 'not-your-request'));
      const stranger = demo.schools().find(({ id }) => id !== story.source.id && id !== story.destination.id);
      expect(await recall(demo.holder(stranger?.id ?? '', 'schoolClerk'))).toMatchObject(refused(404, 'not-found'));
    });

    it('comes too late after the last approval', async () => {
      const story = await transfer();
      await story.approveAll();
      expect(await story.filer.post(`/change-requests/${story.id}/recall`, { reason: '晚了' })).toMatchObject(
        refused(409, 'request-closed'),
      );
    });
  });

  describe('a return', () => {
    it('waits for the supplement, which joins the evidence and opens the step anew', async () => {
      const story = await transfer();
      expect(await story.filer.post(`/change-requests/${story.id}/supplement`, { evidenceIds: [], note: '补' })).toMatchObject(
        refused(409, 'not-a-supplement'),
      );
      await story.decide('return', { opinion: '请补交照片' });
      const supplement = await story.task('sourceSchool');
      expect(supplement).toMatchObject({ capacity: 'supplement', holder: { id: story.source.id } });
      expect(await story.show()).toMatchObject({ state: 'open', hold: { kind: 'awaitingSupplement', cause: 'sourceSchool' } });
      expect(await decide(await story.reviewer(supplement), supplement)).toMatchObject(refused(403, 'not-your-task'));
      const photo = await story.filer.evidence();
      const foreign = await (await as(system, demo.holder(story.destination.id, 'schoolClerk'))).evidence();
      expect(await story.filer.post(`/change-requests/${story.id}/supplement`, { evidenceIds: [foreign], note: '补交' })).toMatchObject(
        refused(422, 'unknown-evidence'),
      );
      expect((await story.filer.post(`/change-requests/${story.id}/supplement`, { evidenceIds: [photo], note: '补交照片' })).status).toBe(
        200,
      );
      const again = await story.task('sourceSchool');
      expect(again).toMatchObject({ visit: 2, capacity: 'sourceSchool' });
      const detail = await story.show();
      expect(detail.evidenceIds).toContain(photo);
      expect(detail.timeline.find(({ kind }) => kind === 'supplemented')).toMatchObject({ note: '补交照片', late: false });
      expect(await story.decide('return', { opinion: '还缺一份' })).toMatchObject(refused(403, 'second-return-needs-supervisor'));
      expect((await story.decide('approve', { step: 'sourceSchool' })).status).toBe(200);
    });
  });

  it('the filer urges once a day, and again on the next', async () => {
    const story = await transfer();
    await story.settled();
    const urge = () => story.filer.post(`/change-requests/${story.id}/urge`);
    expect((await urge()).status).toBe(200);
    expect(await urge()).toMatchObject(refused(409, 'already-urged'));
    const reviewer = await story.reviewer(await story.task());
    expect(await reviewer.post(`/change-requests/${story.id}/urge`)).toMatchObject(refused(403, 'not-your-request'));
    await system.time.pass(24 * 3_600_000);
    expect((await urge()).status).toBe(200);
    expect((await story.settled()).timeline.filter(({ kind }) => kind === 'urged')).toHaveLength(2);
  });

  describe('offices', () => {
    const adminOf = (organisationId: string) =>
      as(system, demo.holder(demo.organisations.get(organisationId)?.parentId ?? organisationId, 'orgAdmin'));
    const grant = (organisationId: string, username: string, office: string) =>
      appointed(system, demo, organisationId, { username, office });
    const end = async (organisationId: string, officeId: string) =>
      (await adminOf(organisationId)).post(`/organisations/${organisationId}/offices/${officeId}/end`, { reason: '调离' });

    it('the filer who is also a reviewer may not decide the own request, only the others', async () => {
      const story = await transfer();
      const task = await story.task();
      const clerk = demo.holder(story.source.id, 'schoolClerk');
      const office = await grant(story.source.id, clerk, 'schoolReviewer');
      expect((await story.filer.get(`/tasks/${task.id}`)).body.allowedVerdicts).toEqual([]);
      expect(await decide(story.filer, task)).toMatchObject(refused(403, 'separation-of-duties'));
      await end(story.source.id, office);
    });

    it('who decided one step may not decide another', async () => {
      const story = await transfer();
      const task = await story.task();
      const reviewer = usernameOf(task);
      const office = await grant(story.destination.id, reviewer, 'schoolReviewer');
      expect((await decide(await as(system, reviewer), task)).status).toBe(200);
      const next = await story.task('destinationSchool');
      expect(await decide(await as(system, reviewer), next)).toMatchObject(refused(403, 'separation-of-duties'));
      await end(story.destination.id, office);
    });

    it('who got the office a moment ago decides; whose office ended a moment ago does not', async () => {
      const story = await transfer();
      const task = await story.task();
      const newcomer = demo.holder(story.destination.parentId ?? '', 'orgAdmin');
      const office = await grant(story.source.id, newcomer, 'schoolReviewer');
      await expect(grant(story.source.id, newcomer, 'schoolReviewer')).rejects.toThrow('office-overlap');
      const client = await as(system, newcomer);
      expect((await client.get(`/tasks/${task.id}`)).body.allowedVerdicts).toEqual(['approve', 'reject', 'return']);
      expect((await end(story.source.id, office)).status).toBe(200);
      expect(await end(story.source.id, office)).toMatchObject(refused(404, 'not-found'));
      expect(await decide(client, task)).toMatchObject(refused(404, 'not-found'));
      const again = await grant(story.source.id, newcomer, 'schoolReviewer');
      expect((await decide(client, task)).status).toBe(200);
      await end(story.source.id, again);
      const kinds = await asOwner<{ kind: string }[]>(
        system,
        `select kind from act where stream = 'organisation' and stream_id = $1 order by seq desc limit 6`,
        [story.source.id],
      );
      expect(kinds.map(({ kind }) => kind)).toEqual(['ended', 'granted', 'grantProposed', 'ended', 'granted', 'grantProposed']);
    });

    it('are granted by the administrator of the organisation above it, and by nobody else', async () => {
      const [source, destination] = acrossCounties(demo);
      const body = { username: demo.holder(source.id, 'schoolClerk'), office: 'schoolReviewer' };
      const ask = async (username: string) => (await as(system, username)).post(`/organisations/${source.id}/offices`, body);
      expect(await ask(demo.holder(source.id, 'schoolReviewer'))).toMatchObject(refused(403, 'not-your-office'));
      expect(await ask(demo.holder(destination.parentId ?? '', 'orgAdmin'))).toMatchObject(refused(404, 'not-found'));
      const operator = await (await adminOf(source.id)).post(`/organisations/${source.id}/offices`, { ...body, office: 'operator' });
      expect(operator).toMatchObject(refused(422, 'invalid-input'));
    });
  });

  describe('a batch of decisions', () => {
    it('has a result per item and is replayed with its key', async () => {
      const pair = withinACounty(demo);
      const stories = await Promise.all([1, 2].map(() => Story.transfer(system, demo, pair)));
      const other = await transfer({});
      const tasks = await Promise.all([...stories, other].map((story) => story.task()));
      const [first, second, foreign] = tasks as [Task, Task, Task];
      const foreignHere = foreign.holder.id === first.holder.id;
      const reviewer = await as(system, usernameOf(first));
      const items = [
        { taskId: first.id, ...decision(first) },
        { taskId: second.id.toUpperCase(), ...decision(second, { version: 99 }) },
        { taskId: randomUUID(), ...decision(first) },
        { taskId: second.id, ...decision(second, { data: { majorCode: '710201' } }) },
        ...(foreignHere ? [] : [{ taskId: foreign.id, ...decision(foreign) }]),
      ];
      const key = randomUUID();
      const answer = await reviewer.post('/tasks/decisions', { items }, key);
      expect(answer.status).toBe(200);
      expect(answer.body.items.slice(0, 4)).toMatchObject([
        { taskId: first.id, status: 200, task: { state: 'decided', verdict: 'approve' } },
        { taskId: second.id, status: 409, problem: { code: 'stale-version', version: second.version } },
        { status: 404, problem: { code: 'not-found', detail: expect.any(String) } },
        { status: 422, problem: { code: 'invalid-input', errors: [{ pointer: '/data/majorCode' }] } },
      ]);
      const replay = await reviewer.post('/tasks/decisions', { items }, key);
      expect(replay.body).toEqual(answer.body);
      const detail = await stories[0]?.settled();
      expect(detail?.timeline.filter(({ kind }) => kind === 'decided')).toHaveLength(1);
    });

    it('names every wrong item by pointer and decides nothing then', async () => {
      const story = await transfer();
      const task = await story.task();
      const reviewer = await story.reviewer(task);
      const wrong = await reviewer.post('/tasks/decisions', {
        items: [
          { taskId: task.id, ...decision(task) },
          { taskId: 'x', verdict: 'maybe', version: 0 },
        ],
      });
      expect(wrong).toMatchObject(refused(422, 'invalid-input'));
      expect(wrong.body.errors.map(({ pointer }: { pointer: string }) => pointer).sort()).toEqual([
        '/items/1/taskId',
        '/items/1/verdict',
        '/items/1/version',
      ]);
      expect((await story.show()).currentTasks.map(({ id }) => id)).toEqual([task.id]);
    });
  });
});
