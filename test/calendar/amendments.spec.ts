import pg from 'pg';
import type { Activities } from '../../activities/index.js';
import { audited } from '../fixtures/audit.js';
import { APPROVER, amended, calendarOf, DRAFTER, daysOf, draftOf, holiday, type Day } from '../fixtures/calendar.js';
import { as, type ApiClient } from '../fixtures/client.js';
import { acrossProvinces, Demonstration, withinACounty } from '../fixtures/demonstration.js';
import { staySignedIn } from '../fixtures/owner.js';
import { activitiesOf } from '../fixtures/process.js';
import { Story } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';

const EXTENSION = `国务院办公厅关于延长2020年春节假期的通知
国办发明电〔2020〕1号
一、延长2020年春节假期至2月2日（农历正月初九，星期日），2月3日（星期一）起正常上班。`;

const VERDICTS = ['approve', 'reject', 'return'];

interface Clock {
  budget: number;
  consumed: number;
  consumedInAll: number;
  dueDate: string;
  provisional: boolean;
  calendar: { province: { id: string } | null };
  segments: { kind: string; visit: number; arrivedOn: string; endedOn: string | null; budget: number; consumed: number }[];
  days: { date: string; kind: string; nth?: number; festival?: string; provisional?: boolean }[];
}

describe('amending the calendar (A8)', () => {
  let system: System;
  let demo: Demonstration;
  let activities: Activities;
  let drafter: ApiClient;
  let approver: ApiClient;
  beforeAll(async () => {
    system = await startSystem({ engine: 'none' });
    await staySignedIn(system);
    system.time.jumpTo('2020-01-10');
    demo = await Demonstration.of(system);
    activities = activitiesOf(system);
    [drafter, approver] = await Promise.all([as(system, DRAFTER), as(system, APPROVER)]);
    // The calendar of 2020 as it was first published: off to 30 January, Saturday 1 February worked.
    const days = (await daysOf(system, 2020)).filter(({ date }) => date !== '2020-01-31');
    await amended(system, draftOf(2020, [...days, { date: '2020-02-01', kind: 'makeupWorkday', name: '春节' }]));
  });
  afterAll(() => system?.stop());

  const NOTHING = { seq: 0, hash: '' };
  /** A transfer whose first task the process has opened; there is no worker here, so the test does its work. */
  async function opened(pair = withinACounty(demo)): Promise<Story> {
    const story = await Story.transfer(system, demo, pair);
    await step(story);
    return story;
  }
  /** The process opens whatever comes next. */
  async function step({ id }: Story, open = { step: 'sourceSchool', visit: 1, supplement: false }): Promise<void> {
    const { seen } = await activities.readActs({ requestId: id, seen: NOTHING });
    await activities.openTask({ requestId: id, seen, ...open });
  }
  const detail = async (story: Story, id: string, nth = 0) =>
    (await (await story.reviewer(await holderOf(story), nth)).get<Record<string, unknown>>(`/tasks/${id}`)).body;
  const holderOf = (story: Story) => Promise.resolve({ holder: { id: story.source.id } });
  const clockOf = async (story: Story, id: string) => (await story.filer.get<Clock>(`/tasks/${id}/clock`)).body;

  it('replays the Spring Festival of 2020: read from the notice, drafted and approved by two, and open deadlines move', async () => {
    system.time.jumpTo('2020-01-17');
    const [open, decidedLater, escalated] = [await opened(), await opened(), await opened()];
    const task = await open.task();
    expect(task.dueDate).toBe('2020-02-05');
    const late = await decidedLater.task();
    const silent = await escalated.task();

    system.time.jumpTo('2020-02-06', 11); // the extension reached the operators late
    expect((await decidedLater.decide('approve')).body).toMatchObject({ decidedLate: true, decidedLateReevaluated: true });
    const { seen, agenda } = await activities.readActs({ requestId: escalated.id, seen: NOTHING });
    const item = agenda.find(({ what }) => what === 'escalate');
    if (!item) throw new Error('nothing is to be escalated');
    await activities.escalate({ requestId: escalated.id, seen, item });

    const read = await drafter.post<{
      year: number;
      notice: string;
      tables: { year: number; days: (Day & { inForce: boolean })[]; removed: Day[] }[];
    }>('/calendar/notices', { text: EXTENSION });
    expect(read).toMatchObject({ status: 200, body: { year: 2020, notice: '国办发明电〔2020〕1号', doubts: [] } });
    const [table] = read.body.tables;
    expect(table?.days.filter(({ inForce }) => !inForce)).toMatchObject([{ date: '2020-01-31', kind: 'holiday', weekday: '星期五' }]);
    expect(table?.removed).toMatchObject([{ date: '2020-02-01', kind: 'makeupWorkday' }]);
    expect((await daysOf(system, 2020)).some(({ date }) => date === '2020-01-31')).toBe(false); // nothing was saved

    const confirmed = (table?.days ?? []).map(({ date, kind, name }) => ({ date, kind, name }));
    const drafted = await drafter.post<{ id: string; version: number; preview: Record<string, unknown> }>(
      '/calendar/amendments',
      draftOf(2020, confirmed, { notice: read.body.notice }),
    );
    expect(drafted).toMatchObject({ status: 201, body: { state: 'draft', version: 3, basedOn: 2, province: null } });
    expect(drafted.body.preview).toMatchObject({
      openTasks: 2,
      moved: 2,
      later: 2,
      earlier: 0,
      becomeOverdue: 0,
      ceaseToBeOverdue: 2,
      byProvince: [{ province: { code: '330000' }, openTasks: 2, moved: 2, ceaseToBeOverdue: 2 }],
      changing: [
        { dueFrom: '2020-02-05', dueTo: '2020-02-07', overdue: false },
        { dueFrom: '2020-02-05', dueTo: '2020-02-07', overdue: false },
      ],
    });
    expect((await open.show()).currentTasks).toMatchObject([{ dueDate: '2020-02-05', overdue: true }]);

    const approval = `/calendar/amendments/${drafted.body.id}/approval`;
    expect(await drafter.post(approval)).toMatchObject({ status: 403, body: { code: 'separation-of-duties' } });
    expect(await (await as(system, 'reviewer.000000')).post(approval)).toMatchObject({ status: 403, body: { code: 'not-your-office' } });
    expect(await approver.post(approval)).toMatchObject({ status: 200, body: { state: 'approved', move: { phase: 'tasks' } } });
    expect(await approver.post(approval)).toMatchObject({ status: 409, body: { code: 'already-approved-version' } });
    await system.moves.pass();

    expect((await open.show()).currentTasks).toMatchObject([{ id: task.id, dueDate: '2020-02-07', overdue: false, version: task.version }]);
    expect(await detail(decidedLater, late.id)).toMatchObject({ dueDate: '2020-02-05', decidedLate: true, decidedLateReevaluated: false });
    const { timeline, currentTasks } = await escalated.show();
    expect(currentTasks).toMatchObject([{ id: silent.id, dueDate: '2020-02-07', overdue: false }]);
    expect(timeline.slice(-2)).toMatchObject([
      { kind: 'escalated', level: 1 },
      { kind: 'deadlineMoved', step: 'sourceSchool', dueFrom: '2020-02-05', dueTo: '2020-02-07' },
    ]);
    expect((await open.show()).timeline.map(({ kind }) => kind)).not.toContain('deadlineMoved');
    expect((await approver.get(`/calendar/amendments/${drafted.body.id}`)).body).toMatchObject({
      move: { phase: 'done', moved: 2, annotated: 1 },
    });
    const { body: year } = await drafter.get<{ version: number; notice: string; older: object[] }>('/calendar/2020');
    expect(year).toMatchObject({ version: 3, notice: '国办发明电〔2020〕1号', older: [{ version: 2 }, { version: 1 }] });
  });

  it('explains a deadline day by day', async () => {
    system.time.jumpTo('2020-01-17');
    const story = await opened();
    const { id } = await story.task();
    system.time.jumpTo('2020-01-20');
    const clock = await clockOf(story, id);
    expect(clock).toMatchObject({ budget: 10, consumed: 2, consumedInAll: 2, dueDate: '2020-02-07', provisional: false });
    const kinds = new Map(clock.days.map(({ date, kind, nth }) => [date.slice(5), nth === undefined ? kind : `${kind} ${nth}`]));
    expect(clock.days).toHaveLength(22);
    expect(
      Object.fromEntries(['01-17', '01-18', '01-19', '01-20', '01-24', '01-25', '01-31', '02-03', '02-07'].map((d) => [d, kinds.get(d)])),
    ).toEqual({
      '01-17': 'arrival',
      '01-18': 'weekend',
      '01-19': 'makeUp 1',
      '01-20': 'counted 2',
      '01-24': 'holiday',
      '01-25': 'weekend',
      '01-31': 'holiday',
      '02-03': 'counted 6',
      '02-07': 'counted 10',
    });
  });

  it('shows earlier visits of a returned step as segments, and pauses between them', async () => {
    system.time.jumpTo('2020-03-02');
    const story = await opened();
    const first = await story.task();
    system.time.jumpTo('2020-03-05');
    expect((await story.decide('return', { opinion: '缺材料' })).status).toBe(200);
    await step(story, { step: 'sourceSchool', visit: 1, supplement: true });
    system.time.jumpTo('2020-03-10');
    const supplement = { evidenceIds: [await story.filer.evidence()], note: '已补齐' };
    expect((await story.filer.post(`/change-requests/${story.id}/supplement`, supplement)).status).toBe(200);
    await step(story, { step: 'sourceSchool', visit: 2, supplement: false });
    const { id, dueDate } = await story.task();
    system.time.jumpTo('2020-03-12');
    const clock = await clockOf(story, id);
    expect(clock.segments).toMatchObject([
      { kind: 'visit', visit: 1, arrivedOn: '2020-03-02', endedOn: '2020-03-05', budget: 10, consumed: 3 },
      { kind: 'supplement', visit: 1, arrivedOn: '2020-03-05', endedOn: '2020-03-10', budget: 10, consumed: 3 },
      { kind: 'visit', visit: 2, arrivedOn: '2020-03-10', endedOn: null, budget: 7, consumed: 2 },
    ]);
    expect(clock).toMatchObject({ budget: 7, consumed: 2, consumedInAll: 5, dueDate: '2020-03-19' });
    expect(dueDate).toBe('2020-03-19');
    expect(clock.days.slice(0, 11).map(({ date, kind, nth }) => `${date.slice(8)} ${kind} ${nth ?? ''}`.trim())).toEqual([
      '02 arrival',
      '03 counted 1',
      '04 counted 2',
      '05 counted 3',
      '06 paused',
      '07 paused',
      '08 paused',
      '09 paused',
      '10 arrival',
      '11 counted 4',
      '12 counted 5',
    ]);
    expect(clock.days.at(-1)).toEqual({ date: '2020-03-19', kind: 'counted', nth: 10 });
    expect((await clockOf(story, first.id)).segments).toHaveLength(1);
    expect(await (await as(system, 'reviewer.510104')).get(`/tasks/${id}/clock`)).toMatchObject({ status: 404 });
  });

  it('withdraws a draft, with a reason and on record; then nobody approves it, and the next draft has another number', async () => {
    system.time.jumpTo('2020-04-01');
    const body = draftOf(2020, await daysOf(system, 2020));
    const { body: draft } = await drafter.post<{ id: string; version: number }>('/calendar/amendments', body);
    const on = (what: string, by: ApiClient, more?: object) => by.post(`/calendar/amendments/${draft.id}/${what}`, more);
    const reason = '文号有误';
    expect(await on('withdrawal', await as(system, 'reviewer.000000'), { reason })).toMatchObject({ status: 403 });
    expect(await on('withdrawal', drafter, {})).toMatchObject({ status: 422, body: { errors: [{ pointer: '/reason' }] } });
    const withdrawn = await on('withdrawal', approver, { reason });
    expect(withdrawn).toMatchObject({ status: 200, body: { state: 'withdrawn', version: draft.version, approvedBy: null } });
    expect(withdrawn.body.withdrawnBy).toMatchObject({ id: (await approver.get('/me')).body.id });
    expect(withdrawn.body).not.toHaveProperty('preview');
    for (const again of [on('approval', approver), on('withdrawal', drafter, { reason })])
      expect(await again).toMatchObject({ status: 409, body: { code: 'draft-withdrawn' } });
    const listed = async (state: string) =>
      (await drafter.get(`/calendar/amendments?state=${state}`)).body.items.map(({ id }: { id: string }) => id) as string[];
    expect([(await listed('draft')).includes(draft.id), (await listed('withdrawn')).includes(draft.id)]).toEqual([false, true]);
    const { body: next } = await drafter.post<{ id: string; version: number }>('/calendar/amendments', body);
    expect(next.version).toBe(draft.version + 1);
    expect((await approver.post(`/calendar/amendments/${next.id}/approval`)).status).toBe(200);
    expect(await approver.post(`/calendar/amendments/${next.id}/withdrawal`, { reason })).toMatchObject({
      status: 409,
      body: { code: 'already-approved-version' },
    });
    await system.moves.pass();
  });

  it('moves the end of a claim with the days that it is counted in, both ways', async () => {
    system.time.jumpTo('2020-05-18');
    const story = await opened();
    const task = await story.task();
    const [claimant, colleague] = [await story.reviewer(task), await story.reviewer(task, 1)];
    expect((await claimant.post(`/tasks/${task.id}/claim`)).body).toMatchObject({ claimLapsesAt: '2020-05-21T00:00:00.000+08:00' });
    const before = await daysOf(system, 2020);
    await amended(system, draftOf(2020, [...before, holiday('2020-05-19'), holiday('2020-05-20')]));
    const lapses = { claimLapsesAt: '2020-05-23T00:00:00.000+08:00' };
    expect(await detail(story, task.id)).toMatchObject(lapses);
    expect((await colleague.get<{ items: { id: string }[] }>('/tasks')).body.items.find(({ id }) => id === task.id)).toMatchObject(lapses);

    system.time.jumpTo('2020-05-21', 10);
    const decision = { verdict: 'approve', opinion: '同意', version: task.version };
    const refused = { status: 409, body: { code: 'already-claimed' } };
    expect(await colleague.post(`/tasks/${task.id}/decision`, decision)).toMatchObject(refused);
    await amended(system, draftOf(2020, before));
    expect(await detail(story, task.id, 1)).toMatchObject({ claimantId: null, claimLapsesAt: null, allowedVerdicts: VERDICTS });
    expect(await claimant.post(`/tasks/${task.id}/release`)).toMatchObject({ status: 409, body: { code: 'not-claimed-by-you' } });
    expect((await colleague.post(`/tasks/${task.id}/decision`, decision)).status).toBe(200);
  });

  it("adds a province's own days for its holders alone, drafted by its supervisor and approved by another", async () => {
    system.time.jumpTo('2020-06-01');
    const [west, east] = [await opened(), await opened([acrossProvinces(demo)[1], acrossProvinces(demo)[0]])];
    const provinceOf = (story: Story) => demo.at(story.source, 'province') as string;
    expect(provinceOf(west)).not.toBe(provinceOf(east));
    const supervisor = await as(system, demo.holder(provinceOf(west), 'authoritySupervisor'));
    const stranger = await as(system, demo.holder(provinceOf(east), 'authoritySupervisor'));
    const body = draftOf(2020, [{ date: '2020-06-04', kind: 'holiday', name: '台风停工' }], {
      provinceId: provinceOf(west),
      notice: '浙政办发明电〔2020〕3号',
    });
    expect(await stranger.post('/calendar/amendments', body)).toMatchObject({ status: 403, body: { code: 'not-your-office' } });
    expect(await drafter.post('/calendar/amendments', body)).toMatchObject({ status: 403, body: { code: 'not-your-office' } });
    expect(await supervisor.post('/calendar/amendments', { ...body, provinceId: undefined })).toMatchObject({ status: 403 });
    const { body: draft } = await supervisor.post<{ id: string; preview: { moved: number } }>('/calendar/amendments', body);
    const approval = `/calendar/amendments/${draft.id}/approval`;
    expect(await supervisor.post(approval)).toMatchObject({ status: 403, body: { code: 'separation-of-duties' } });
    expect(await stranger.post(approval)).toMatchObject({ status: 403, body: { code: 'not-your-office' } });
    expect((await drafter.post(approval)).status).toBe(200);
    await system.moves.pass();

    const [mine, other] = [await west.task(), await east.task()];
    // The other province gives its schools five days, and they are counted without the storm.
    expect([mine.dueDate, other.dueDate]).toEqual(['2020-06-16', '2020-06-08']);
    const clock = await clockOf(west, mine.id);
    expect(clock.calendar.province).toMatchObject({ id: provinceOf(west) });
    expect(clock.days.find(({ date }) => date === '2020-06-04')).toEqual({ date: '2020-06-04', kind: 'holiday' });
    expect((await clockOf(east, other.id)).calendar.province).toBeNull();
    const later = await opened();
    expect((await later.task()).dueDate).toBe('2020-06-16'); // a task that opens now counts the same
    const deadline = (organisationId: string) =>
      drafter.get(`/calendar/deadline?from=2020-06-01&workingDays=10&organisationId=${organisationId}`);
    expect((await deadline(west.source.id)).body).toMatchObject({ dueDate: '2020-06-16' });
    expect((await deadline(east.source.id)).body).toMatchObject({ dueDate: '2020-06-15' });
    expect((await drafter.get(`/calendar/2020?provinceId=${provinceOf(west)}`)).body).toMatchObject({
      overlay: { notice: '浙政办发明电〔2020〕3号', days: [{ date: '2020-06-04' }] },
    });
  });

  it('settles deadlines that cross into a year when its calendar is published, and not before', async () => {
    system.time.jumpTo('2026-12-24');
    const story = await opened();
    const { id } = await story.task();
    expect(await detail(story, id)).toMatchObject({ provisional: true, dueDate: '2027-01-08' });
    const { days: counted } = await clockOf(story, id);
    expect(counted.find(({ date }) => date === '2027-01-01')).toEqual({
      date: '2027-01-01',
      kind: 'statutory',
      festival: '元旦',
      provisional: true,
    });
    expect(counted.find(({ date }) => date === '2026-12-31')).toEqual({ date: '2026-12-31', kind: 'counted', nth: 5 });
    const days = [holiday('2027-01-01'), holiday('2027-01-04')];
    const { body } = await drafter.post<{ id: string; preview: object }>('/calendar/amendments', draftOf(2027, days));
    expect(body.preview).toMatchObject({ moved: 1, noLongerProvisional: 1 });
    await system.moves.pass();
    expect(await detail(story, id)).toMatchObject({ provisional: true });
    expect((await approver.post(`/calendar/amendments/${body.id}/approval`)).status).toBe(200);
    await system.moves.pass();
    expect(await detail(story, id)).toMatchObject({ provisional: false, dueDate: '2027-01-11' });
    expect(await clockOf(story, id)).toMatchObject({ provisional: false, dueDate: '2027-01-11' });
  });

  it('shows the statutory days of a year that is not announced, as provisional', async () => {
    const { body } = await drafter.get<{ days: object[]; statutory: object[] }>('/calendar/2028');
    expect(body).toMatchObject({ year: 2028, status: 'provisional', version: 0, notice: null, validThrough: null, older: [] });
    expect(body.statutory).toHaveLength(12); // 3 October is the Mid-Autumn Festival too
    expect(body.statutory.at(0)).toEqual({ date: '2028-01-01', name: '元旦', provisional: true });
    expect(body.days.at(0)).toEqual({ date: '2028-01-25', kind: 'holiday', name: '春节' }); // 1 January is a Saturday
    expect((await drafter.get<{ statutory: object[] }>('/calendar/2026')).body.statutory.at(0)).toMatchObject({ provisional: false });
    for (const year of ['1899', '0000', '2300', '20x7']) expect((await drafter.get(`/calendar/${year}`)).status).toBe(404);
    const { body: due } = await drafter.get('/calendar/deadline?from=2040-12-31&workingDays=1');
    expect(due).toMatchObject({ dueDate: '2041-01-02', provisional: true });
  });

  it('refuses a draft that another version has overtaken', async () => {
    const days = await daysOf(system, 2027);
    const drafts = [];
    for (const date of ['2027-01-05', '2027-01-06'])
      drafts.push((await drafter.post<{ id: string }>('/calendar/amendments', draftOf(2027, [...days, holiday(date)]))).body.id);
    const [first, second] = drafts;
    expect((await approver.post(`/calendar/amendments/${second}/approval`)).status).toBe(200);
    expect(await approver.post(`/calendar/amendments/${first}/approval`)).toMatchObject({ status: 409, body: { code: 'stale-version' } });
    const { body } = await drafter.get<{ items: { id: string; state: string }[] }>('/calendar/amendments?state=draft&limit=200');
    expect(body.items.map(({ id }) => id)).toContain(first);
  });

  it.each([
    ['/days/0/date', { days: [holiday('2026-05-04')] }],
    ['/days/1/date', { days: [holiday('2027-05-04'), holiday('2027-05-04')] }],
    ['/days/0/date', { days: [{ ...holiday('2027-05-04'), kind: 'makeupWorkday' }] }],
    ['/days/0/date', { days: [{ ...holiday('2027-05-01'), kind: 'makeupWorkday' }] }],
    ['/days/0/kind', { days: [{ ...holiday('2027-05-04'), kind: 'party' }] }],
    ['/noticeUrl', { noticeUrl: 'javascript:alert(1)' }],
    ['/validThrough', { validThrough: '2028-01-01' }],
    ['/notice', { notice: '' }],
  ])('refuses a table that cannot be right, by its pointer: %s', async (pointer, more) => {
    const { status, body } = await drafter.post<{ errors: { pointer: string }[] }>('/calendar/amendments', {
      ...draftOf(2027, []),
      ...more,
    });
    expect([status, body.errors[0]?.pointer]).toEqual([422, pointer]);
  });

  it('keeps drafts and approvals as acts in a chain of their own', async () => {
    expect((await audited(system)).problems).toEqual([]);
  });

  it('judges a decision by the calendar that is in force, also before the amendment has moved its task', async () => {
    system.time.jumpTo('2020-08-03');
    const [decided, supplemented] = [await opened(), await opened()];
    expect((await supplemented.decide('return', { opinion: '缺材料' })).status).toBe(200);
    await step(supplemented, { step: 'sourceSchool', visit: 1, supplement: true });
    const { id, dueDate } = await decided.task();
    const supplement = await supplemented.task();
    const days = await daysOf(system, 2020);
    const drafted = await drafter.post<{ id: string }>('/calendar/amendments', draftOf(2020, [...days, holiday('2020-08-05')]));
    expect((await approver.post(`/calendar/amendments/${drafted.body.id}/approval`)).status).toBe(200);
    const { after } = await calendarOf(system);

    system.time.jumpTo(after(supplement.dueDate, 1), 11);
    const evidenceIds = [await supplemented.filer.evidence()];
    await supplemented.filer.post(`/change-requests/${supplemented.id}/supplement`, { evidenceIds, note: '已补齐' });
    expect(await detail(supplemented, supplement.id)).toMatchObject({ dueDate: after(supplement.dueDate, 1), decidedLate: false });
    expect((await supplemented.show()).timeline.at(-1)).toMatchObject({ kind: 'supplemented', late: false });

    system.time.jumpTo(after(dueDate, 1), 11);
    const lateness = { decidedLate: false, decidedLateReevaluated: false, dueDate: after(dueDate, 1) };
    expect((await decided.decide('approve')).body).toMatchObject({ id, ...lateness });
    await system.moves.pass();
    expect(await detail(decided, id)).toMatchObject(lateness);
  });

  it('waits for no transaction of another program, such as a dump, which opens no task', async () => {
    const dump = new pg.Client({ connectionString: system.databaseUrl, application_name: 'pg_dump' });
    await dump.connect();
    try {
      await dump.query('begin isolation level repeatable read');
      await dump.query('select 1 from organisation limit 1');
      const began = performance.now();
      await amended(system, draftOf(2020, await daysOf(system, 2020)));
      expect(performance.now() - began).toBeLessThan(15_000); // it would wait for 25 s
    } finally {
      await dump.end();
    }
  });
});
