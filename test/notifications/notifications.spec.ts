import { relayActs } from '../../src/events/relay.js';
import { addDays } from '../../src/domain/working-days.js';
import { appointed } from '../fixtures/appointed.js';
import { as, type ApiClient } from '../fixtures/client.js';
import { Demonstration, withinACounty, type DemoOrganisation } from '../fixtures/demonstration.js';
import { asOwner, staySignedIn } from '../fixtures/owner.js';
import { Story, until } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';
import { Telling, type Shown } from '../fixtures/telling.js';
import { UNTIL } from '../fixtures/dates.js';

describe('notifications', () => {
  let system: System;
  let demo: Demonstration;
  let school: DemoOrganisation;
  let telling: Telling;
  beforeAll(async () => {
    system = await startSystem();
    telling = new Telling(system);
    demo = await Demonstration.of(system);
    await staySignedIn(system);
    [school] = withinACounty(demo);
  });
  afterAll(() => system?.stop());

  const told = () => telling.now();
  const list = (client: ApiClient, query = '') => telling.list(client, query);
  const of = (client: ApiClient, story: Story) => telling.of(client, story);
  const filed = () => Story.within(system, demo, school, { kind: 'suspension', details: { ground: 'illness', until: UNTIL } });
  const reviewers = () => Promise.all(demo.holders(school.id, 'schoolReviewer').map((username) => as(system, username)));

  it('tell the holders of the office of a new task, and the filer of return, decision and end; who acted is not told', async () => {
    const story = await filed();
    const task = await story.task();
    await told();
    const all = await reviewers();
    for (const reviewer of all)
      expect(await of(reviewer, story)).toMatchObject([
        { kind: 'taskOpened', taskId: task.id, office: 'schoolReviewer', organisation: { id: school.id }, read: false },
      ]);
    expect(await of(story.filer, story)).toEqual([]);
    await story.decide('return', { opinion: '材料不全' });
    await story.task();
    await told();
    expect((await of(story.filer, story)).map(({ kind }) => kind)).toEqual(['supplementAsked', 'requestReturned']);
    await story.filer.post(`/change-requests/${story.id}/supplement`, { evidenceIds: [await story.filer.evidence()], note: '补齐' });
    await story.approveAll();
    await told();
    const kinds = (await of(story.filer, story)).map(({ kind }) => kind);
    expect(kinds).toEqual(['requestClosed', 'requestDecided', 'requestDecided', 'supplementAsked', 'requestReturned']);
    expect((await of(all[0]!, story)).map(({ kind }) => kind)).not.toContain('requestDecided');
  });

  it('tell the one to whom a task is handed, and the office that is urged', async () => {
    const story = await filed();
    const task = await story.task();
    const [first, second] = await reviewers();
    const { id: to } = (await second!.get<{ id: string }>('/me')).body;
    expect((await first!.post(`/tasks/${task.id}/reassignment`, { to, reason: '出差' })).status).toBe(200);
    await story.filer.post(`/change-requests/${story.id}/urge`);
    await told();
    expect((await of(second!, story)).map(({ kind }) => kind)).toEqual(['urged', 'taskAssigned', 'taskOpened']);
  });

  it('tell who had a task in hand that it was handed on: who had claimed, was assigned, or had delegated it and to whom', async () => {
    const story = await filed();
    const task = await story.task();
    const [first, second] = await reviewers();
    const ids = await Promise.all([first!, second!].map(async (one) => (await one.get<{ id: string }>('/me')).body.id));
    const operator = await as(system, 'operator');
    const hands = async (by: ApiClient, to?: string) =>
      expect((await by.post(`/tasks/${task.id}/reassignment`, { to, reason: '转办' })).status).toBe(200);
    const taken = async (client: ApiClient) => (await of(client, story)).filter(({ kind }) => kind === 'taskTaken').length;
    expect((await first!.post(`/tasks/${task.id}/claim`)).status).toBe(200);
    await hands(operator, ids[1]);
    await told();
    expect([await taken(first!), await taken(second!)]).toEqual([1, 0]);
    await hands(operator, ids[0]);
    await told();
    expect([await taken(first!), await taken(second!)]).toEqual([1, 1]);
    expect((await first!.post(`/tasks/${task.id}/delegation`, { to: ids[1], question: '请核对' })).status).toBe(200);
    await hands(operator, ids[1]);
    await told();
    expect([await taken(first!), await taken(second!)]).toEqual([2, 1]); // who gets it is told of that
    await hands(second!, ids[0]);
    await told();
    expect([await taken(first!), await taken(second!)]).toEqual([2, 1]); // who hands it on knows
    expect((await first!.post(`/tasks/${task.id}/delegation`, { to: ids[1], question: '请核对' })).status).toBe(200);
    expect((await second!.post(`/tasks/${task.id}/delegation/answer`, { answer: '属实' })).status).toBe(200);
    await hands(operator, ids[0]);
    await told();
    expect([await taken(first!), await taken(second!)]).toEqual([2, 1]); // who has answered has it in hand no more
  });

  it('tell who is named to stand in for somebody, and when that ends before its day; the absent person knows', async () => {
    const [absent, other] = await reviewers();
    const standIn = demo.holders(school.id, 'schoolReviewer')[1] as string;
    const until = new Date(system.time.now() + 5 * 24 * 3_600_000).toISOString();
    const body = { username: standIn, office: 'schoolReviewer', organisationId: school.id, reason: '休假', until };
    const { status, body: granted } = await absent!.post<{ id: string }>('/me/proxies', body);
    expect(status).toBe(201);
    const ofIt = async (client: ApiClient) => {
      await told();
      return (await list(client)).items.filter(({ proxyId }) => proxyId === granted.id);
    };
    const about = { requestId: null, taskId: null, office: 'schoolReviewer', organisation: { id: school.id } };
    expect(await ofIt(other!)).toMatchObject([{ kind: 'proxyGranted', title: expect.stringMatching(/^您被指定为代理人$/), ...about }]);
    expect((await absent!.post(`/me/proxies/${granted.id}/end`, { reason: '提前返岗' })).status).toBe(200);
    await asOwner(system, 'update notification_cursor set told_to = 0');
    expect(await ofIt(other!)).toMatchObject([{ kind: 'proxyEnded', ...about }, { kind: 'proxyGranted' }]);
    expect(await ofIt(absent!)).toEqual([]);
    expect(JSON.stringify(await ofIt(other!))).not.toContain('休假');
  });

  it('tell a person and the superior of a reset password, whatever they chose, and administrators of an office to confirm', async () => {
    const neighbour = demo.schools().find((one) => one.parentId === school.parentId && one.id !== school.id);
    const reset = await as(system, demo.holder(neighbour?.id ?? '', 'schoolReviewer'));
    const { id } = (await reset.get<{ id: string }>('/me')).body;
    const at = (level: string) => as(system, demo.holder(demo.at(school, level) ?? '', 'orgAdmin'));
    const [county, city, province] = [await at('county'), await at('city'), await at('province')];
    expect((await city.send('PUT', '/notifications/preferences', { kinds: ['stale'], mail: 'none' })).status).toBe(200);
    expect((await county.post(`/people/${id}/password-reset`, { reason: '忘记密码' })).status).toBe(200);
    const later = new Date(system.time.now() + 700 * 86_400_000).toISOString();
    const proposed = { username: demo.holder(school.id, 'schoolClerk'), office: 'schoolReviewer', from: later };
    expect((await county.post(`/organisations/${school.id}/offices`, proposed)).status).toBe(201);
    await told();
    const ofAccounts = async (client: ApiClient) =>
      (await list(client)).items.filter(({ kind }) => ['passwordReset', 'grantProposed'].includes(kind));
    expect(await ofAccounts(city)).toMatchObject([{ kind: 'passwordReset', accountId: id, office: 'orgAdmin' }]);
    expect(await ofAccounts(province)).toEqual([]);
    expect(await ofAccounts(county)).toEqual([]); // who did it knows
    const own = await asOwner<object[]>(system, `select kind from notification where person_id = $1 and account_id = $1`, [id]);
    expect(own).toEqual([{ kind: 'passwordReset' }]);
    const superior = await as(system, demo.holders(demo.superiors(school).at(-1)?.id ?? '', 'orgAdmin')[1] ?? '');
    const nation = await as(system, demo.holder(demo.superiors(school).at(-1)?.id ?? '', 'orgAdmin'));
    const sought = { username: demo.holder(school.id, 'schoolClerk'), office: 'authoritySupervisor', from: later };
    expect((await nation.post(`/organisations/${demo.at(school, 'province')}/offices`, sought)).status).toBe(201);
    await told();
    for (const client of [superior, province]) expect(await ofAccounts(client)).toMatchObject([{ kind: 'grantProposed' }]);
  });

  it('tell who is mentioned in a comment, who asked when a pause ends, and the holders of more days', async () => {
    const story = await filed();
    const task = await story.task();
    const [first, second] = await reviewers();
    const { id } = (await second!.get<{ id: string }>('/me')).body;
    expect((await first!.post(`/change-requests/${story.id}/comments`, { comment: '请看', mentions: [id] })).status).toBe(200);
    const operator = await as(system, 'operator');
    const operates = (what: string, more = {}) => operator.post(`/change-requests/${story.id}/${what}`, { reason: '裁定', ...more });
    expect((await operates('deadline', { taskId: task.id, workingDays: 5 })).status).toBe(200);
    expect((await operates('pause', { cause: 'courtOrder' })).status).toBe(200);
    expect((await operates('continuation')).status).toBe(200);
    await story.task();
    await told();
    expect((await of(second!, story)).map(({ kind }) => kind)).toEqual([
      'taskOpened',
      'taskPaused',
      'deadlineExtended',
      'mentioned',
      'taskOpened',
    ]);
    expect((await of(first!, story)).map(({ kind }) => kind)).not.toContain('mentioned');
    expect((await of(story.filer, story)).map(({ kind }) => kind)).toEqual(['requestContinued', 'requestPaused']);
  });

  it('tell a proxy of the tasks of the absent person, of the kinds and days of the proxy, but no filer of the own request', async () => {
    const [absent, other] = await reviewers();
    const proxyName = demo.holder(school.parentId as string, 'authoritySupervisor');
    const proxy = await as(system, proxyName);
    await appointed(system, demo, school.id, { username: proxyName, office: 'schoolClerk' });
    const until = new Date(system.time.now() + 5 * 24 * 3_600_000).toISOString();
    const grant = async (by: ApiClient, username: string, more: object = {}) => {
      const body = { username, office: 'schoolReviewer', organisationId: school.id, reason: '休假', until, ...more };
      const { status, body: granted } = await by.post('/me/proxies', body);
      expect(status).toBe(201);
      return () => by.post(`/me/proxies/${granted.id}/end`, { reason: '返岗' });
    };
    const ends = await grant(absent!, proxyName, { kinds: ['transfer'] });
    const before = await filed();
    await before.task();
    await told();
    expect(await of(proxy, before)).toEqual([]);
    await ends();
    const end = [await grant(absent!, proxyName), await grant(other!, demo.holder(school.id, 'schoolClerk'))];
    const story = await filed();
    const task = await story.task();
    const handed = await other!.post(`/tasks/${task.id}/reassignment`, { to: (await absent!.get('/me')).body.id, reason: '转' });
    expect(handed.status).toBe(200);
    await told();
    const forIt = { taskId: task.id, office: 'schoolReviewer', organisation: { id: school.id } };
    expect(await of(proxy, story)).toMatchObject([
      { kind: 'taskAssigned', ...forIt },
      { kind: 'taskOpened', ...forIt },
    ]);
    expect(await of(story.filer, story)).toEqual([]);
    expect((await story.filer.post(`/change-requests/${story.id}/recall`, { reason: '不再需要' })).status).toBe(200);
    await told();
    expect((await of(proxy, story))[0]).toMatchObject({ kind: 'taskVoided', ...forIt }); // it had been assigned to the absent person
    for (const one of end) expect((await one()).status).toBe(200);
  });

  it('come once for each event and person, however often and by however many they are derived', async () => {
    await (await filed()).task();
    await until(
      () => asOwner<[{ n: number }]>(system, 'select count(*)::int as n from change_request where processing'),
      ([{ n }]) => n === 0,
      'every process to settle, those of the tests before too',
    );
    while (await relayActs(system.db));
    await asOwner(system, 'update notification_cursor set told_to = 0');
    const count = async () => (await asOwner<[{ n: number }]>(system, 'select count(*)::int as n from notification'))[0].n;
    const before = await count();
    await Promise.all(Array.from({ length: 4 }, () => told()));
    const [{ doubled }] = await asOwner<[{ doubled: number }]>(
      system,
      'select count(*)::int as doubled from (select 1 from notification group by event_id, person_id having count(*) > 1) d',
    );
    expect([doubled, (await count()) > before]).toEqual([0, true]);
    const settled = await count();
    await asOwner(system, 'update notification_cursor set told_to = 0');
    await told();
    expect(await count()).toBe(settled);
  });

  it('are listed page by page, counted and marked as read, each person their own', async () => {
    const [first, second] = await reviewers();
    const { items, unread } = await list(first!);
    expect(unread).toBe(items.length);
    expect(items.length).toBeGreaterThan(3);
    const page = (await first!.get<{ items: Shown[]; nextCursor: string }>('/notifications?limit=2')).body;
    const next = (await first!.get<{ items: Shown[] }>(`/notifications?limit=2&cursor=${page.nextCursor}`)).body;
    expect([...page.items, ...next.items].map(({ id }) => id)).toEqual(items.slice(0, 4).map(({ id }) => id));
    const foreign = (await list(second!)).items.map(({ id }) => id);
    const { status, body } = await first!.post('/notifications/read', { ids: [items[0]!.id, ...foreign] });
    expect([status, body]).toEqual([200, { unread: unread - 1 }]);
    expect((await list(first!, '&unread=true')).items.map(({ id }) => id)).toEqual(items.slice(1).map(({ id }) => id));
    expect((await list(second!)).unread).toBe(foreign.length);
    expect((await first!.post('/notifications/read', { all: true })).body).toEqual({ unread: 0 });
    expect((await first!.post('/notifications/read', {})).body.code).toBe('invalid-input');
  });

  it('come only of the kinds that a person wants, and hold no personal data', async () => {
    const [first] = await reviewers();
    const set = await first!.send('PUT', '/notifications/preferences', { kinds: ['urged'], mail: 'none' });
    expect(set).toMatchObject({ status: 200, body: { kinds: ['urged'], mail: 'none', email: null } });
    const story = await filed();
    await story.task();
    await story.filer.post(`/change-requests/${story.id}/urge`);
    await told();
    const shown = await of(first!, story);
    expect(shown.map(({ kind }) => kind)).toEqual(['urged']);
    const { maskedName } = (await first!.get(`/tasks/${shown[0]!.taskId ?? (await story.task()).id}`)).body as { maskedName: string };
    expect(JSON.stringify(shown)).not.toContain(maskedName);
    expect((await first!.send('PUT', '/notifications/preferences', { kinds: ['weather'], mail: 'hourly' })).body.code).toBe(
      'invalid-input',
    );
  });

  it('tell the supervisors to whom an overdue task is escalated', async () => {
    const story = await filed();
    await story.task();
    await system.time.passTo(addDays(system.time.today(), 25));
    await until(
      () => story.show(),
      ({ timeline }) => timeline.some(({ kind }) => kind === 'escalated'),
      'the escalation',
    );
    await told();
    const [{ n }] = await asOwner<[{ n: number }]>(
      system,
      `select count(*)::int as n from notification n join office o on o.person_id = n.person_id and o.office = 'authoritySupervisor'
       where n.kind = 'escalated' and n.request_id = $1 and o.organisation_id = $2`,
      [story.id, school.parentId],
    );
    expect(n).toBe(demo.holders(school.parentId as string, 'authoritySupervisor').length);
  });
});
