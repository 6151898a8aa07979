import { randomUUID } from 'node:crypto';
import { addDays, instantOf } from '../../src/domain/working-days.js';
import { as, refused, type ApiClient } from '../fixtures/client.js';
import { acrossCounties, Demonstration } from '../fixtures/demonstration.js';
import { asOwner, staySignedIn } from '../fixtures/owner.js';
import { Story, type Detail } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';

type Task = Detail['currentTasks'][number];

describe('others beside the reviewer', () => {
  let system: System;
  let demo: Demonstration;
  beforeAll(async () => {
    system = await startSystem();
    await staySignedIn(system);
    demo = await Demonstration.of(system);
  });
  afterAll(() => system?.stop());

  const decide = (client: ApiClient, task: Task) =>
    client.post(`/tasks/${task.id}/decision`, { verdict: 'approve', opinion: '同意', version: task.version });
  const personId = async (client: ApiClient) => (await client.get<{ id: string }>('/me')).body.id;
  const transfer = () => Story.transfer(system, demo, acrossCounties(demo));
  const inDays = (n: number) => new Date(instantOf(addDays(system.time.today(), n))).toISOString();

  describe('a standing proxy 代理', () => {
    const grant = (client: ApiClient, organisationId: string, username: string, more = {}) =>
      client.post('/me/proxies', { username, office: 'schoolReviewer', organisationId, until: inDays(7), reason: '年休假', ...more });

    it('decides in the absent person’s office, with both on record, for as long as it runs', async () => {
      const story = await transfer();
      const clerk = demo.holder(story.destination.id, 'schoolClerk');
      const [absent, proxy] = [await as(system, demo.holder(story.destination.id, 'schoolReviewer')), await as(system, clerk)];
      await story.decide('approve', { step: 'sourceSchool' });
      const task = await story.task('destinationSchool');
      expect(await decide(proxy, task)).toMatchObject(refused(403, 'not-your-task'));
      const granted = await grant(absent, story.destination.id, clerk);
      expect(granted).toMatchObject({ status: 201, body: { proxy: { id: await personId(proxy) }, kinds: null, endedAt: null } });
      expect(await grant(absent, story.destination.id, clerk)).toMatchObject(refused(409, 'proxy-overlap'));
      const inbox = await proxy.get('/tasks?limit=200');
      expect(inbox.body.items.map(({ id }: { id: string }) => id)).toContain(task.id);
      expect((await proxy.get(`/tasks/${task.id}`)).body.allowedVerdicts).toEqual(['approve', 'reject', 'return']);
      expect((await decide(proxy, task)).status).toBe(200);
      const { timeline } = (await story.settled()) as { timeline: { step?: string; kind: string; by?: object }[] };
      expect(timeline.find(({ kind, step }) => kind === 'decided' && step === 'destinationSchool')).toMatchObject({
        by: { personId: await personId(proxy), office: 'schoolReviewer' },
        onBehalfOfPerson: { id: await personId(absent) },
      });
      expect((await proxy.get('/me/proxies')).body.items).toEqual((await absent.get('/me/proxies')).body.items);
      const { id } = granted.body as { id: string };
      expect(await proxy.post(`/me/proxies/${id}/end`, { reason: '提前' })).toMatchObject(refused(404, 'not-found'));
      expect((await absent.post(`/me/proxies/${id}/end`, { reason: '提前返岗' })).status).toBe(200);
      expect(await absent.post(`/me/proxies/${id}/end`, { reason: '再次' })).toMatchObject(refused(404, 'not-found'));
      expect((await proxy.get('/tasks?limit=200')).body.items).toEqual([]);
      const acts = await asOwner<{ kind: string }[]>(
        system,
        `select kind from act where stream = 'organisation' and stream_id = $1 order by seq desc limit 2`,
        [story.destination.id],
      );
      expect(acts.map(({ kind }) => kind)).toEqual(['proxyEnded', 'proxyGranted']);
    });

    it('is no way around the separation of duties: the filer does not become the reviewer of the own request', async () => {
      const story = await transfer();
      const task = await story.task();
      const reviewer = await story.reviewer(task);
      const { body } = await grant(reviewer, story.source.id, demo.holder(story.source.id, 'schoolClerk'));
      expect(await decide(story.filer, task)).toMatchObject(refused(403, 'separation-of-duties'));
      await reviewer.post(`/me/proxies/${body.id}/end`, { reason: '完' });
    });

    it('begins and ends by itself, and counts for the kinds that were named', async () => {
      const story = await transfer();
      const clerk = demo.holder(story.destination.id, 'schoolClerk');
      const absent = await as(system, demo.holders(story.destination.id, 'schoolReviewer')[1] ?? '');
      const proxy = await as(system, clerk);
      await story.decide('approve', { step: 'sourceSchool' });
      const task = await story.task('destinationSchool');
      const verdicts = async () => (await proxy.get(`/tasks/${task.id}`)).body.allowedVerdicts.length;
      const other = await grant(absent, story.destination.id, clerk, { kinds: ['suspension'] });
      expect([await verdicts(), (await proxy.get('/tasks')).body.items]).toEqual([0, []]);
      await absent.post(`/me/proxies/${other.body.id}/end`, { reason: '改' });
      await grant(absent, story.destination.id, clerk, { from: inDays(1), until: inDays(2), kinds: ['transfer'] });
      expect(await verdicts()).toBe(0);
      await system.time.pass(24 * 3_600_000);
      expect(await verdicts()).toBe(3);
      await system.time.pass(24 * 3_600_000);
      expect(await verdicts()).toBe(0);
      expect(await decide(proxy, task)).toMatchObject(refused(403, 'not-your-task'));
    });

    it('is given by who holds the office, to somebody else at the same organisation', async () => {
      const [source, destination] = acrossCounties(demo);
      const reviewer = await as(system, demo.holder(source.id, 'schoolReviewer'));
      const clerk = await as(system, demo.holder(source.id, 'schoolClerk'));
      expect(await grant(clerk, source.id, demo.holder(source.id, 'schoolReviewer'))).toMatchObject(refused(403, 'not-your-office'));
      expect(await grant(reviewer, source.id, demo.holder(destination.id, 'schoolReviewer'))).toMatchObject(
        refused(422, 'not-an-office-holder'),
      );
      expect(await grant(reviewer, source.id, demo.holder(source.id, 'schoolReviewer'))).toMatchObject(
        refused(422, 'not-yours-to-delegate'),
      );
      const wrong: [object, string][] = [
        [{ until: inDays(-1) }, '/until'],
        [{ from: inDays(-1) }, '/from'],
      ];
      for (const [term, pointer] of wrong)
        expect(await grant(reviewer, source.id, demo.holder(source.id, 'schoolClerk'), term)).toMatchObject({
          status: 422,
          body: { code: 'invalid-input', errors: [{ pointer }] },
        });
    });
  });

  describe('an opinion asked of another organisation 征求意见', () => {
    const question = '该生户籍是否在贵县？';
    const consult = (client: ApiClient, task: Task, organisationId: string, dueDate = addDays(system.time.today(), 5)) =>
      client.post(`/tasks/${task.id}/consultations`, { organisationId, question, dueDate });
    const elsewhere = (story: Story) =>
      [...demo.organisations.values()].find(
        ({ id, level }) => level === 'county' && id !== story.source.parentId && id !== story.destination.parentId,
      )?.id ?? '';

    it('stands in both inboxes with its own date, lets the asked see the request, and moves neither task nor deadline', async () => {
      const story = await transfer();
      const task = await story.task();
      const [reviewer, asked] = [await story.reviewer(task), await as(system, demo.holder(elsewhere(story), 'authorityReviewer'))];
      expect((await asked.get(`/change-requests/${story.id}`)).status).toBe(404);
      const opened = await consult(reviewer, task, elsewhere(story));
      expect(opened).toMatchObject({ status: 201, body: { state: 'open', question, answer: null, overdue: false } });
      const { id } = opened.body as { id: string };
      expect((await asked.get('/consultations?state=open')).body.items).toMatchObject([{ id, question }]);
      expect((await reviewer.get('/consultations?box=asking')).body.items.map((one: { id: string }) => one.id)).toContain(id);
      expect((await asked.get(`/change-requests/${story.id}`)).status).toBe(200);
      expect(await reviewer.post(`/consultations/${id}/answer`, { answer: '自答' })).toMatchObject(refused(403, 'not-your-task'));
      expect(await asked.post(`/consultations/${id}/answer`, { answer: '属实' })).toMatchObject({
        status: 200,
        body: { state: 'answered', answer: '属实' },
      });
      expect(await asked.post(`/consultations/${id}/answer`, { answer: '再答' })).toMatchObject(refused(409, 'consultation-closed'));
      expect(await story.task()).toEqual(task);
      expect(await decide(asked, task)).toMatchObject(refused(403, 'not-your-task'));
      expect((await decide(reviewer, task)).status).toBe(200);
      const { timeline } = await story.settled();
      expect(timeline.find(({ kind }) => kind === 'consulted')).toMatchObject({ question, consulted: { id: elsewhere(story) } });
      expect(timeline.find(({ kind }) => kind === 'consultationAnswered')).toMatchObject({ opinion: '属实', late: false });
    });

    it('is void once the task is decided without it', async () => {
      const story = await transfer();
      const task = await story.task();
      const asked = await as(system, demo.holder(elsewhere(story), 'authorityReviewer'));
      const { body } = await consult(await story.reviewer(task), task, elsewhere(story));
      await decide(await story.reviewer(task), task);
      expect(await asked.post(`/consultations/${body.id}/answer`, { answer: '迟' })).toMatchObject(refused(409, 'consultation-closed'));
      expect((await asked.get('/consultations?state=void')).body.items.map((one: { id: string }) => one.id)).toContain(body.id);
    });

    it('is asked by who may decide, of another organisation, by a day to come', async () => {
      const story = await transfer();
      const task = await story.task();
      expect(await consult(story.filer, task, elsewhere(story))).toMatchObject(refused(403, 'not-your-task'));
      const wrong = await consult(await story.reviewer(task), task, story.source.id, addDays(system.time.today(), -1));
      expect(wrong).toMatchObject({ status: 422, body: { errors: [{ pointer: '/organisationId' }, { pointer: '/dueDate' }] } });
      expect(await consult(await story.reviewer(task), task, randomUUID())).toMatchObject(refused(422, 'invalid-input'));
      const slip = await consult(await story.reviewer(task), task, elsewhere(story), addDays(system.time.today(), 367));
      expect(slip).toMatchObject({ status: 422, body: { errors: [{ pointer: '/dueDate' }] } });
    });
  });

  it('an objection of the guardian stands at the open task and in the timeline, in their words (A21)', async () => {
    const story = await transfer();
    const task = await story.task();
    const said = { objector: 'guardian', objection: '监护人不同意转学' };
    expect((await story.filer.post(`/change-requests/${story.id}/objections`, { ...said, objector: 'neighbour' })).status).toBe(422);
    const reviewer = await story.reviewer(task);
    expect((await reviewer.get(`/tasks/${task.id}`)).body.objected).toBe(false);
    const elsewhere = [demo.holder(story.destination.id, 'schoolReviewer'), demo.holder(story.source.parentId ?? '', 'authorityReviewer')];
    for (const username of elsewhere)
      expect([403, 404]).toContain((await (await as(system, username)).post(`/change-requests/${story.id}/objections`, said)).status);
    expect((await story.filer.post(`/change-requests/${story.id}/objections`, said)).status).toBe(200);
    expect((await reviewer.get(`/tasks/${task.id}`)).body.objected).toBe(true);
    expect((await story.show(reviewer)).timeline.at(-1)).toMatchObject({ kind: 'objected', ...said, by: { office: 'schoolClerk' } });
  });

  describe('comments and copies', () => {
    it('a comment is in the timeline for all who see the request, mentions only such persons, and moves nothing', async () => {
      const story = await transfer();
      const task = await story.task();
      const reviewer = await story.reviewer(task);
      const stranger = demo.schools().find(({ id }) => id !== story.source.id && id !== story.destination.id);
      const outsider = await as(system, demo.holder(stranger?.id ?? '', 'schoolReviewer'));
      const comment = (client: ApiClient, mentions: string[]) =>
        client.post(`/change-requests/${story.id}/comments`, { comment: '请留意', mentions });
      expect(await comment(outsider, [])).toMatchObject(refused(404, 'not-found'));
      expect(await comment(story.filer, [await personId(outsider)])).toMatchObject(refused(422, 'not-a-mentionable-person'));
      const before = await story.show();
      expect((await comment(story.filer, [await personId(reviewer)])).status).toBe(200);
      const after = await story.show();
      expect(after.timeline.at(-1)).toMatchObject({ kind: 'commented', comment: '请留意', mentions: [await personId(reviewer)] });
      expect({ ...after, timeline: [] }).toEqual({ ...before, timeline: [] });
    });

    it('a copy shows the request to an authority, and to no other school', async () => {
      const story = await transfer();
      const task = await story.task();
      const other = [...demo.organisations.values()].find(
        ({ id, level }) => level === 'county' && id !== story.source.parentId && id !== story.destination.parentId,
      );
      const reader = await as(system, demo.holder(other?.id ?? '', 'authorityReviewer'));
      const copy = (client: ApiClient, to: string) => client.post(`/change-requests/${story.id}/copies`, { to, reason: '供参考' });
      const supervisor = await as(system, demo.holder(story.source.parentId ?? '', 'authoritySupervisor'));
      expect(await copy(supervisor, other?.id ?? '')).toMatchObject(refused(403, 'not-your-request'));
      expect(await copy(story.filer, story.destination.id)).toMatchObject(refused(422, 'invalid-input'));
      expect((await copy(await story.reviewer(task), other?.id ?? '')).status).toBe(200);
      expect((await reader.get(`/change-requests/${story.id}`)).status).toBe(200);
      expect(await decide(reader, task)).toMatchObject(refused(403, 'not-your-task'));
      expect((await story.show()).timeline.at(-1)).toMatchObject({ kind: 'copied', copiedTo: { id: other?.id } });
    });
  });
});
