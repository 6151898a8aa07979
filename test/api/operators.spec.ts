import { randomUUID } from 'node:crypto';
import { addDays, dateOf } from '../../src/domain/working-days.js';
import { calendarOf } from '../fixtures/calendar.js';
import { as, type ApiClient } from '../fixtures/client.js';
import { acrossCounties, Demonstration, withinACounty } from '../fixtures/demonstration.js';
import { asOwner, staySignedIn } from '../fixtures/owner.js';
import { Story, until } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';
import { Telling } from '../fixtures/telling.js';

describe('what an operator does to a case', () => {
  let system: System;
  let demo: Demonstration;
  let operator: ApiClient;
  beforeAll(async () => {
    system = await startSystem();
    await staySignedIn(system);
    demo = await Demonstration.of(system);
    operator = await as(system, 'operator');
  });
  afterEach(() => asOwner(system, 'update organisation set closed_on = null where closed_on is not null'));
  afterAll(() => system?.stop());

  const reason = '法院裁定';
  const refused = (status: number, code: string) => ({ status, body: { code } });
  const transfer = () => Story.transfer(system, demo, acrossCounties(demo));
  const ask = (story: Story, what: string, body: object = {}, by = operator) =>
    by.post(`/change-requests/${story.id}/${what}`, { reason, ...body });
  const told = async (story: Story, kind: string) => (await story.show()).timeline.find((entry) => entry.kind === kind);

  it('is nobody else’s to do: neither the filer’s, a reviewer’s nor a supervisor’s', async () => {
    const story = await transfer();
    const { id: taskId } = await story.task();
    const others = [
      story.filer,
      await as(system, demo.holder(story.source.id, 'schoolReviewer')),
      await as(system, demo.holder(story.source.parentId ?? '', 'authoritySupervisor')),
    ];
    for (const by of others) {
      for (const [what, body] of [
        ['cancellation', {}],
        ['pause', { cause: 'courtOrder' }],
        ['continuation', {}],
        ['deadline', { taskId, workingDays: 5 }],
        ['reroute', { step: 'sourceAuthority', to: story.destination.parentId }],
        ['retry', {}],
      ] as const)
        expect(await ask(story, what, body, by)).toMatchObject(refused(403, 'not-your-office'));
      const many = { step: 'sourceSchool', from: story.source.id, to: story.destination.id, reason };
      expect(await by.post('/operations/reroutes', many)).toMatchObject(refused(403, 'not-your-office'));
    }
    expect((await story.show()).timeline.map(({ kind }) => kind)).toEqual(['filed', 'opened']);
  });

  it('needs a reason, whichever of the seven moves it is', async () => {
    const story = await transfer();
    const { id: taskId } = await story.task();
    const none = { status: 422, body: { errors: [{ pointer: '/reason' }] } };
    const reroute = { step: 'sourceSchool', to: story.destination.id };
    for (const without of [{ reason: '' }, { reason: undefined }]) {
      for (const [what, body] of [
        ['cancellation', {}],
        ['pause', { cause: 'courtOrder' }],
        ['continuation', {}],
        ['deadline', { taskId, workingDays: 5 }],
        ['reroute', reroute],
        ['retry', {}],
      ] as const)
        expect(await ask(story, what, { ...body, ...without })).toMatchObject(none);
      expect(await operator.post('/operations/reroutes', { ...reroute, from: story.source.id, ...without })).toMatchObject(none);
    }
    expect((await story.show()).timeline.map(({ kind }) => kind)).toEqual(['filed', 'opened']);
  });

  it('cancels: the request ends, its open task is void, the reason is on record', async () => {
    const story = await transfer();
    await story.task();
    expect((await ask(story, 'cancellation')).status).toBe(200);
    expect(await story.settled()).toMatchObject({ state: 'cancelled', currentTasks: [] });
    expect(await told(story, 'cancelled')).toMatchObject({ reason, by: { office: 'operator' } });
    expect(await ask(story, 'pause', { cause: 'other' })).toMatchObject(refused(409, 'request-closed'));
  });

  it('pauses and lets go on: nobody decides meanwhile, and the clock has stood still', async () => {
    const story = await transfer();
    const task = await story.task();
    expect(await ask(story, 'continuation')).toMatchObject(refused(409, 'not-paused'));
    expect(await ask(story, 'pause', { cause: 'courtOrder' })).toMatchObject({ status: 200, body: { hold: { kind: 'paused' } } });
    const reviewer = await story.reviewer(task);
    const decision = { verdict: 'approve', opinion: '同意', version: task.version };
    expect(await reviewer.post(`/tasks/${task.id}/decision`, decision)).toMatchObject(refused(409, 'request-held'));
    expect(await story.settled()).toMatchObject({ hold: { kind: 'paused', cause: 'courtOrder' }, currentTasks: [], state: 'open' });
    const paused = async () => (await reviewer.get<{ items: { id: string }[] }>('/tasks?state=paused')).body.items.map(({ id }) => id);
    expect(await paused()).toEqual([task.id]);
    expect((await reviewer.get(`/tasks/${task.id}`)).body).toMatchObject({
      state: 'paused',
      allowedVerdicts: [],
      hold: { kind: 'paused', message: '因司法机关要求中止办理。', owner: 'operator', remedy: expect.stringContaining('恢复办理') },
    });
    type Action = { action: string; verdict: string | null; href: string; allowed: boolean; barred: { code: string } | null };
    const actions = async (by: ApiClient, path: string) => (await by.get<{ allowedActions: Action[] }>(path)).body.allowedActions;
    const request = `/change-requests/${story.id}`;
    for (const by of [operator, story.filer, reviewer]) {
      const one = (name: string, all: Action[]) => all.find(({ action }) => action === name);
      const ofRequest = await actions(by, request);
      const may = by === operator;
      expect(one('continuation', ofRequest)).toMatchObject({ allowed: may, href: `/api/v1${request}/continuation` });
      expect(one('pause', ofRequest)?.barred?.code).toBe(may ? 'already-paused' : 'not-your-office');
      expect(one('recall', ofRequest)?.allowed).toBe(by === story.filer);
    }
    const onTask = await actions(reviewer, `/tasks/${task.id}`);
    const refusals = await Promise.all(
      onTask
        .filter(({ action }) => action === 'decision' || action === 'claim')
        .map(async ({ href, verdict, barred }) => {
          const body = verdict === null ? undefined : { verdict, opinion: '意见', version: task.version };
          return [barred?.code, (await reviewer.post(href.replace('/api/v1', ''), body)).body.code];
        }),
    );
    expect(refusals).toEqual(Array(4).fill(['request-held', 'request-held']));
    expect((await reviewer.get('/me/summary')).body).toMatchObject({ paused: 1 });
    const telling = new Telling(system);
    await telling.now();
    expect((await telling.of(reviewer, story))[0]).toMatchObject({ kind: 'taskPaused', taskId: task.id, hold: { cause: 'courtOrder' } });
    await system.time.passTo(addDays(system.time.today(), 40));
    expect((await ask(story, 'continuation')).status).toBe(200);
    const again = await story.task('sourceSchool');
    expect(await paused()).toEqual([]);
    expect(again).toMatchObject({ visit: 2, overdue: false });
    const open = (await actions(reviewer, `/tasks/${again.id}`)).filter(({ allowed }) => allowed);
    expect(open.map(({ action, verdict }) => verdict ?? action)).toEqual(expect.arrayContaining(['approve', 'reject', 'return', 'claim']));
    const candidates = await reviewer.get<{ person: { id: string }; allowed: boolean }[]>(`/tasks/${again.id}/candidates`);
    expect(candidates.body.map(({ allowed }) => allowed)).toEqual(demo.holders(story.source.id, 'schoolReviewer').map(() => true));
    expect(await story.filer.get(`/tasks/${again.id}/candidates`)).toMatchObject(refused(403, 'not-your-task'));
    expect((await story.filer.get(`/organisations/${story.source.id}`)).body).toMatchObject({ id: story.source.id, closedOn: null });
    expect((await story.filer.get<{ kind: string }[]>('/change-kinds')).body.map(({ kind }) => kind)).toContain('transfer');
    const { timeline } = await story.show();
    expect(timeline.some(({ kind }) => kind === 'reminded' || kind === 'escalated')).toBe(false);
    expect((await story.approveAll()).state).toBe('approved');
  });

  it('finds a request by its number, and those that stand still by the reason', async () => {
    const story = await transfer();
    await story.settled();
    const { number } = await story.show();
    const found = async (client: ApiClient, query: string) => {
      const { body } = await client.get<{ items: { number: string }[] }>(`/change-requests?limit=200&${query}`);
      return body.items.map((one) => one.number);
    };
    expect(await found(story.filer, `number=${number}`)).toEqual([number]);
    expect(await found(story.filer, `number=${number}&state=approved`)).toEqual([]);
    const stranger = demo.schools().find(({ id }) => id !== story.source.id && id !== story.destination.id);
    expect(await found(await as(system, demo.holder(stranger?.id ?? '', 'schoolClerk')), `number=${number}`)).toEqual([]);
    expect(await found(operator, 'hold=paused')).not.toContain(number);
    await ask(story, 'pause', { cause: 'investigation' });
    expect(await found(operator, 'hold=paused')).toContain(number);
    expect(await found(operator, 'hold=effectParked')).not.toContain(number);
    await ask(story, 'continuation');
    expect(await found(operator, 'hold=paused')).not.toContain(number);
    expect((await operator.get('/change-requests?hold=asleep')).status).toBe(422);
  });

  it('extends a deadline: due date and reminders move, and the days are in the timeline', async () => {
    const story = await transfer();
    const task = await story.task();
    expect((await ask(story, 'deadline', { taskId: task.id, workingDays: 5 })).status).toBe(200);
    const { body } = await (await story.reviewer(task)).get(`/tasks/${task.id}`);
    expect(body).toMatchObject({ workingDays: 15, version: task.version });
    const due = await operator.get(`/calendar/deadline?from=${body.arrivedOn}&workingDays=15`);
    expect(body.dueDate).toBe(due.body.dueDate);
    expect((await operator.get(`/tasks/${task.id}/clock`)).body.segments).toMatchObject([{ budget: 15, added: 5 }]);
    expect(await told(story, 'extended')).toMatchObject({ addedWorkingDays: 5, reason });
    expect((await story.decide('approve')).status).toBe(200);
    expect(await ask(story, 'deadline', { taskId: task.id, workingDays: 5 })).toMatchObject(refused(409, 'already-decided'));
  });

  it('extends a deadline: what has gone out is not sent again, what has not goes out by the new date', async () => {
    const calendar = await calendarOf(system);
    const [early, reminded] = [await transfer(), await transfer()];
    const [first, second] = [await early.task(), await reminded.task()];
    const due = first.dueDate;
    expect((await ask(early, 'deadline', { taskId: first.id, workingDays: 5 })).status).toBe(200);
    const sent = async (story: Story) =>
      (await story.show()).timeline
        .filter(({ kind }) => kind === 'reminded' || kind === 'escalated')
        .map((entry) => [entry.workingDaysLeft ?? 'escalated', dateOf(Date.parse((entry as unknown as { at: string }).at))]);
    const passedTo = async (date: string, story: Story, expected: unknown[]) => {
      await system.time.passTo(date);
      // prettier-ignore
      await until(() => sent(story), (seen) => JSON.stringify(seen) === JSON.stringify(expected), JSON.stringify(expected));
    };
    const before = [3, calendar.before(due, 3)];
    await passedTo(calendar.before(due, 3), reminded, [before]);
    expect((await ask(reminded, 'deadline', { taskId: second.id, workingDays: 5 })).status).toBe(200);
    const later = calendar.after(due, 5);
    const all = [
      [3, calendar.before(later, 3)],
      [1, calendar.before(later, 1)],
      ['escalated', calendar.after(later, 1)],
    ];
    await passedTo(calendar.before(later, 3), early, all.slice(0, 1));
    expect(await sent(reminded)).toEqual([before]);
    await passedTo(calendar.before(later, 1), early, all.slice(0, 2));
    await passedTo(calendar.after(later, 1), early, all);
    await until(() => sent(reminded), (seen) => seen.length === 3, 'the escalation'); // prettier-ignore
    expect(await sent(reminded)).toEqual([before, ...all.slice(1)]);
  });

  it('re-routes a step of one request: the other organisation sees it and decides', async () => {
    const story = await transfer();
    const task = await story.task();
    const other = demo.schools().find(({ id }) => id !== story.source.id && id !== story.destination.id);
    const stranger = await as(system, demo.holder(other?.id ?? '', 'schoolReviewer'));
    expect((await stranger.get(`/change-requests/${story.id}`)).status).toBe(404);
    for (const [to, code] of [
      [story.source.parentId, 'cannot-hold'],
      [randomUUID(), 'cannot-hold'],
    ])
      expect(await ask(story, 'reroute', { step: 'sourceSchool', to })).toMatchObject(refused(422, code ?? ''));
    expect(await ask(story, 'reroute', { step: 'sourceSchool', to: story.source.id })).toMatchObject(refused(409, 'same-holder'));
    expect(await ask(story, 'reroute', { step: 'nowhere', to: other?.id })).toMatchObject(refused(422, 'unknown-step'));
    expect((await ask(story, 'reroute', { step: 'sourceSchool', to: other?.id })).status).toBe(200);
    const moved = await story.task('sourceSchool');
    expect(moved).toMatchObject({ visit: 2, holder: { id: other?.id } });
    expect((await (await story.reviewer(task)).get(`/tasks/${task.id}`)).body.state).toBe('void');
    expect((await story.decide('approve')).status).toBe(200);
    expect((await story.approveAll()).state).toBe('approved');
    expect(await told(story, 'redirected')).toMatchObject({ holder: { id: other?.id }, reason });
  });

  it('re-routes a step of all open requests that an organisation holds or will hold, once, also when the call is repeated', async () => {
    const [source, destination] = withinACounty(demo);
    const stories = await Promise.all([1, 2, 3].map(() => Story.transfer(system, demo, [source, destination])));
    await Promise.all(stories.map((story) => story.task()));
    await stories[0]?.decide('approve', { step: 'sourceSchool' });
    await stories[0]?.decide('approve', { step: 'destinationSchool' });
    await stories[0]?.task('sourceAuthority');
    const other = [...demo.organisations.values()].find(({ level, id }) => level === 'county' && id !== source.parentId);
    const body = { step: 'sourceAuthority', from: source.parentId, to: other?.id, reason };
    const key = randomUUID();
    const answer = await operator.post('/operations/reroutes', body, key);
    expect(answer.body.more).toBe(false);
    const ids = answer.body.items.map(({ requestId }: { requestId: string }) => requestId);
    expect(ids).toEqual(expect.arrayContaining(stories.map(({ id }) => id)));
    expect(new Set(answer.body.items.map(({ status }: { status: number }) => status))).toEqual(new Set([200]));
    expect((await operator.post('/operations/reroutes', body, key)).body).toEqual(answer.body);
    expect((await operator.post('/operations/reroutes', body)).body.items).toEqual([]);
    expect(await stories[0]?.task('sourceAuthority')).toMatchObject({ visit: 2, holder: { id: other?.id } });
    for (const story of stories) {
      await story.approveAll();
      expect((await story.show()).timeline.filter(({ kind }) => kind === 'redirected')).toHaveLength(1);
    }
  });

  it('retries a parked effect as soon as the cause is cleared, or cancels after the last approval', async () => {
    const stories = [await transfer(), await transfer()] as const;
    for (const story of stories) {
      for (const step of ['sourceSchool', 'destinationSchool', 'sourceAuthority']) await story.decide('approve', { step });
      await story.task('destinationAuthority');
    }
    await asOwner(system, 'update organisation set closed_on = $2 where id = $1', [stories[0].destination.id, system.time.today()]);
    for (const story of stories) {
      expect((await story.decide('approve')).status).toBe(200);
      await until(
        () => story.show(),
        ({ hold }) => hold?.kind === 'effectParked',
        'the parked effect',
      );
    }
    const [retried, cancelled] = stories;
    expect((await ask(retried, 'retry')).status).toBe(200);
    const again = (await until(
      () => retried.show(),
      ({ timeline }) => timeline.filter(({ kind }) => kind === 'parked').length === 2,
      'parking again',
    )) as { hold: object };
    expect(again.hold).toMatchObject({ kind: 'effectParked' });
    await asOwner(system, 'update organisation set closed_on = null where closed_on is not null');
    expect((await ask(retried, 'retry')).status).toBe(200);
    expect(
      await until(
        () => retried.show(),
        ({ state }) => state !== 'open',
        'the effect',
      ),
    ).toMatchObject({ state: 'approved' });
    expect((await ask(cancelled, 'cancellation')).status).toBe(200);
    expect((await cancelled.settled()).state).toBe('cancelled');
    expect((await cancelled.filer.get(`/students/${cancelled.studentId}`)).body).toMatchObject({ schoolId: cancelled.source.id });
    expect(await ask(retried, 'cancellation')).toMatchObject(refused(409, 'request-closed'));
  });
});
