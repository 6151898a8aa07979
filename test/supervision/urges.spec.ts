import ExcelJS from 'exceljs';
import { CalendarStore } from '../../src/calendar/calendar.store.js';
import { FieldCipher } from '../../src/platform/database/field-cipher.js';
import { tellOfUnansweredUrges } from '../../src/tasks/unanswered-urges.js';
import { calendarOf } from '../fixtures/calendar.js';
import { relayActs } from '../../src/events/relay.js';
import { deriveNotifications } from '../../src/notifications/derive.js';
import { addDays } from '../../src/domain/working-days.js';
import { as, type ApiClient } from '../fixtures/client.js';
import { Demonstration, withinACounty, type DemoOrganisation } from '../fixtures/demonstration.js';
import { staySignedIn } from '../fixtures/owner.js';
import { Story, until } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';
import { UNTIL } from '../fixtures/dates.js';

describe('supervision of what is overdue (A4)', () => {
  let system: System;
  let demo: Demonstration;
  let school: DemoOrganisation;
  let supervisor: ApiClient;
  let story: Story;
  let task: { id: string };
  let month: string;
  beforeAll(async () => {
    system = await startSystem();
    demo = await Demonstration.of(system);
    await staySignedIn(system);
    [school] = withinACounty(demo);
    supervisor = await as(system, demo.holder(school.parentId as string, 'authoritySupervisor'));
    month = system.time.today().slice(0, 7);
    // The escalation, 25 days later, is in the next month on any day of a run.
    if (system.time.today() < `${month}-10`) await system.time.passTo(`${month}-10`);
    story = await Story.within(system, demo, school, { kind: 'suspension', details: { ground: 'illness', until: UNTIL } });
    task = await story.task();
    await system.time.passTo(addDays(system.time.today(), 25));
    await until(
      () => story.show(),
      ({ timeline }) => timeline.some(({ kind }) => kind === 'escalated'),
      'the escalation',
    );
  });
  afterAll(() => system?.stop());

  const urges = async (query = '') =>
    (await supervisor.get(`/supervision/urges?limit=50${query}`)).body.items as {
      taskId: string;
      late: boolean;
      seq: number;
      state: string;
    }[];

  it('urges with a day of answer; unanswered it stays in the list and is late after that day, then the holder answers once', async () => {
    const today = system.time.today();
    expect((await supervisor.post(`/tasks/${task.id}/urge`, { answerBy: addDays(today, -1) })).body).toMatchObject({
      code: 'invalid-input',
      errors: [{ pointer: '/answerBy' }],
    });
    expect((await story.filer.post(`/tasks/${task.id}/urge`, { answerBy: today })).status).toBe(403);
    expect((await supervisor.post(`/tasks/${task.id}/urge`)).status).toBe(200);
    expect(await urges()).toEqual([]); // that one asks for no answer
    expect((await supervisor.send('POST', `/tasks/${task.id}/urge`, undefined, { 'Idempotency-Key': 'without-a-body' })).status).toBe(200);
    const reviewer = await as(system, demo.holder(school.id, 'schoolReviewer'));
    expect((await reviewer.post(`/tasks/${task.id}/urge/answer`, { answer: '马上办理' })).body.code).toBe('no-urge-to-answer');

    const asked = await supervisor.post(`/tasks/${task.id}/urge`, { answerBy: addDays(today, 2), note: '请说明原因' });
    expect(asked.status).toBe(200);
    expect(await urges('&answered=false')).toMatchObject([{ taskId: task.id, late: false, answeredAt: null }]);
    const inInbox = async () => {
      const { body } = await reviewer.get<{ items: { id: string; answerBy: string | null }[] }>('/tasks?limit=200');
      return body.items.find(({ id }) => id === task.id)?.answerBy;
    };
    expect(await inInbox()).toBe(addDays(today, 2));
    await system.time.pass(3 * 86_400_000);
    expect(await urges('&answered=false')).toMatchObject([{ late: true }]);
    expect((await supervisor.post(`/tasks/${task.id}/urge/answer`, { answer: '代答' })).body.code).toBe('not-your-task');
    expect((await reviewer.post(`/tasks/${task.id}/urge/answer`, { answer: '本周办结' })).status).toBe(200);
    expect([await urges('&answered=false'), await urges('&answered=true')]).toMatchObject([[], [{ late: true }]]);
    expect(await inInbox()).toBeNull();
    expect((await story.show()).timeline.at(-1)).toMatchObject({ kind: 'urgeAnswered', late: true });

    while (await relayActs(system.db));
    while (await deriveNotifications(system.db, system.time));
    const { body } = await supervisor.get<{ items: { kind: string; requestId: string }[] }>('/notifications?limit=50');
    expect(body.items.filter(({ requestId }) => requestId === story.id).map(({ kind }) => kind)).toContain('urgeAnswered');
  });

  it('tells the superior once when the day of answer passes without one, from 09:00 on a working day', async () => {
    const { db, time, config } = system;
    const deps = { db, clock: time, cipher: new FieldCipher(config.fieldKey, config.indexKey), calendar: new CalendarStore() };
    const pass = async () => {
      while (await tellOfUnansweredUrges(deps));
    };
    const notes = async () => (await story.show()).timeline.filter(({ kind }) => kind === 'urgeUnanswered');
    await pass();
    expect(await notes()).toEqual([]); // the one above was answered
    const today = time.today();
    expect((await supervisor.post(`/tasks/${task.id}/urge`, { answerBy: today })).status).toBe(200);
    await pass();
    expect(await notes()).toEqual([]);
    const calendar = await calendarOf(system);
    await time.passTo(calendar.after(today, 1), 8);
    await pass();
    expect(await notes()).toEqual([]);
    await time.passTo(calendar.after(today, 1), 9);
    await Promise.all([pass(), pass()]);
    await pass();
    expect(await notes()).toHaveLength(1);
    while (await relayActs(system.db));
    while (await deriveNotifications(system.db, system.time));
    const ofThis = async (client: ApiClient) =>
      (await client.get<{ items: { kind: string; requestId: string }[] }>('/notifications?limit=50')).body.items.filter(
        ({ requestId, kind }) => requestId === story.id && kind === 'urgeUnanswered',
      );
    expect(await ofThis(supervisor)).toHaveLength(1);
    const [, colleague] = demo.holders(school.parentId as string, 'authoritySupervisor');
    if (colleague) expect(await ofThis(await as(system, colleague))).toHaveLength(1);
    expect(await ofThis(await as(system, demo.holder(school.id, 'schoolReviewer')))).toEqual([]);
  });

  it('waits for no answer any more once its task is decided: it is void, and late if its day had passed', async () => {
    const states = async (query = '') => (await urges(query)).map(({ state, late }) => [state, late]);
    const today = system.time.today();
    expect((await supervisor.post(`/tasks/${task.id}/urge`, { answerBy: addDays(today, 5) })).status).toBe(200);
    expect(await states()).toEqual([
      ['answered', true],
      ['open', true],
      ['open', false],
    ]);
    expect(await states('&answered=false')).toHaveLength(2);
    expect((await story.decide('approve')).status).toBe(200);
    expect(await states()).toEqual([
      ['answered', true],
      ['void', true],
      ['void', false],
    ]);
    expect(await states('&answered=false')).toEqual([]);
    await system.time.pass(10 * 86_400_000);
    expect(await states()).toEqual([
      ['answered', true],
      ['void', true],
      ['void', false],
    ]);
  });

  it('publishes a monthly bulletin as a workbook, by province and authority', async () => {
    const response = await fetch(`${system.url}/api/v1/supervision/bulletin?month=${month}&format=xlsx`, {
      headers: (supervisor as unknown as { authorization(): Record<string, string> }).authorization(),
    });
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    ]);
    const book = new ExcelJS.Workbook();
    await book.xlsx.load(await response.arrayBuffer());
    const rows: unknown[][] = [];
    book.worksheets[0]!.eachRow((row) => rows.push((row.values as unknown[]).slice(1)));
    const authority = demo.organisations.get(school.parentId as string) as DemoOrganisation;
    const province = demo.organisations.get(demo.at(school, 'province') as string) as DemoOrganisation;
    // nobody counted when that month ended, so what was overdue then stays empty
    expect(rows.slice(1)).toEqual([
      [province.name, authority.name, authority.code, 1, 0, 0, 0],
      [province.name, '合计 total', undefined, 1, 0, 0, 0],
    ]);
    expect((await supervisor.get('/supervision/bulletin?month=2031-01')).body).toMatchObject({ code: 'invalid-input' });
    expect((await story.filer.get(`/supervision/bulletin?month=${month}`)).body.code).toBe('not-your-office');
  });
});
