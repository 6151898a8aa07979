import { amended, amendHolidays, calendarOf, daysOf, draftOf, worked } from '../fixtures/calendar.js';
import { as, type ApiClient } from '../fixtures/client.js';
import { acrossCounties, Demonstration, withinACounty, type DemoOrganisation } from '../fixtures/demonstration.js';
import { staySignedIn } from '../fixtures/owner.js';
import { Story, until, type Detail } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';
import { inScope } from '../../src/platform/database/in-scope.js';
import { addDays, dateOf } from '../../src/domain/working-days.js';

type Message = Detail['timeline'][number] & { at: string; level?: number };

const entries = (detail: Detail, kind: string): Message[] => detail.timeline.filter((entry) => entry.kind === kind) as Message[];
const reminders = (detail: Detail) => entries(detail, 'reminded').map(({ workingDaysLeft }) => workingDaysLeft);
const climbs = (detail: Detail) => entries(detail, 'escalated').map(({ escalatedTo }) => escalatedTo?.id);
const sentOn = (detail: Detail, kind: string) => entries(detail, kind).map(({ at }) => dateOf(Date.parse(at)));

describe('the process and the passing of working days (A4, A7–A9)', () => {
  let system: System;
  let demo: Demonstration;
  let calendar: Awaited<ReturnType<typeof calendarOf>>;
  beforeAll(async () => {
    system = await startSystem({ engine: 'time-skipping' });
    await staySignedIn(system);
    demo = await Demonstration.of(system);
    calendar = await calendarOf(system);
  });
  afterAll(() => system?.stop());

  const supervisor = (organisation: { id: string }): Promise<ApiClient> => as(system, demo.holder(organisation.id, 'authoritySupervisor'));
  const superiors = (organisation: DemoOrganisation) => demo.superiors(organisation) as [DemoOrganisation, DemoOrganisation];
  const shows = (story: Story, what: string, good: (detail: Detail) => boolean) => until(() => story.show(), good, what);
  async function inbox(reviewer: ApiClient, query: string): Promise<string[]> {
    const { body } = await reviewer.get<{ items: { id: string }[] }>(`/tasks?limit=200&${query}`);
    return body.items.map(({ id }) => id);
  }
  async function supplement(story: Story) {
    const task = await story.task();
    expect(task.capacity).toBe('supplement');
    return story.filer.post(`/change-requests/${story.id}/supplement`, { evidenceIds: [await story.filer.evidence()], note: '已补齐' });
  }

  it('reminds a silent holder three and one working days before the due date, once each', async () => {
    const story = await Story.transfer(system, demo, withinACounty(demo));
    const { dueDate } = await story.task('sourceSchool');
    expect(dueDate).toBe(calendar.after(system.time.today(), 10));
    await system.time.passTo(addDays(calendar.before(dueDate, 3), -1), 20);
    expect(reminders(await story.settled())).toEqual([]);
    await system.time.passTo(calendar.before(dueDate, 3));
    await shows(story, 'the first reminder', (detail) => reminders(detail).length === 1);
    await system.time.passTo(calendar.before(dueDate, 1));
    await shows(story, 'the second reminder', (detail) => reminders(detail).length === 2);
    await system.time.passTo(dueDate, 20);
    const detail = await story.settled();
    expect(reminders(detail)).toEqual([3, 1]);
    expect(sentOn(detail, 'reminded')).toEqual([calendar.before(dueDate, 3), calendar.before(dueDate, 1)]);
    expect(detail.currentTasks).toMatchObject([{ step: 'sourceSchool', overdue: false }]);
  });

  it('never approves by silence: overdue, escalated level by level, urged and reassigned from above, decided by the holder', async () => {
    const story = await Story.transfer(system, demo, withinACounty(demo));
    const { id, dueDate, holder } = await story.task('sourceSchool');
    const [county, city] = superiors(story.source);
    await system.time.passTo(addDays(dueDate, 1), 1);
    const overdue = await story.settled();
    expect(overdue.currentTasks).toMatchObject([{ id, overdue: true, holder: { id: holder.id } }]);
    expect(climbs(overdue)).toEqual([]);
    expect(await inbox(await story.reviewer({ holder }), 'overdue=true')).toContain(id);
    expect(await inbox(await supervisor(county), 'overdue=true')).not.toContain(id);

    await system.time.passTo(calendar.after(dueDate, 1));
    const escalated = await shows(story, 'the first escalation', (detail) => climbs(detail).length === 1);
    expect(climbs(escalated)).toEqual([county.id]);
    expect(escalated.currentTasks).toMatchObject([{ id, holder: { id: story.source.id } }]);
    expect(await inbox(await supervisor(county), 'overdue=true')).toContain(id);
    expect(await inbox(await supervisor(city), 'overdue=true')).not.toContain(id);
    await system.time.passTo(calendar.after(dueDate, 5), 20);
    expect(climbs(await story.settled())).toEqual([county.id]);
    await system.time.passTo(calendar.after(dueDate, 6));
    const higher = await shows(story, 'the second escalation', (detail) => climbs(detail).length === 2);
    expect(climbs(higher)).toEqual([county.id, city.id]);
    expect(sentOn(higher, 'escalated')).toEqual([calendar.after(dueDate, 1), calendar.after(dueDate, 6)]);
    expect(reminders(higher)).toEqual([3, 1]);
    expect(higher).toMatchObject({
      state: 'open',
      steps: expect.arrayContaining([expect.objectContaining({ id: 'sourceSchool', state: 'open' })]),
    });

    const superior = await supervisor(city);
    const version = higher.currentTasks[0]?.version;
    expect((await superior.post(`/tasks/${id}/decision`, { verdict: 'approve', opinion: '同意', version })).body).toMatchObject({
      code: 'not-your-task',
    });
    expect((await superior.post(`/tasks/${id}/urge`)).status).toBe(200);
    const second = await story.reviewer({ holder }, 1);
    const { body: me } = await second.get<{ id: string }>('/me');
    const reassigned = await superior.post(`/tasks/${id}/reassignment`, { to: me.id, reason: '原经办人请假' });
    expect(reassigned).toMatchObject({ status: 200, body: { holder: { id: holder.id } } });
    expect((await story.decide('approve')).body).toMatchObject({ code: 'not-your-task' });
    expect((await story.decide('approve', { nth: 1 })).status).toBe(200);
    const detail = await shows(story, 'the next step', (one) => one.currentTasks[0]?.step === 'destinationSchool');
    expect(entries(detail, 'urged')).toMatchObject([{ by: { office: 'authoritySupervisor' } }]);
    expect(entries(detail, 'decided')).toMatchObject([{ step: 'sourceSchool', by: { office: 'schoolReviewer' } }]);
  });

  it('gives a returned step a supplement with its own clock, then the remaining days; only a supervisor returns it again', async () => {
    const story = await Story.transfer(system, demo, acrossCounties(demo));
    const first = await story.task('sourceSchool');
    const [county] = superiors(story.source);
    await system.time.passTo(calendar.before(first.dueDate, 6)); // four of ten days spent
    expect((await story.decide('return', { opinion: '缺户口簿复印件' })).status).toBe(200);
    const asked = await story.task('sourceSchool');
    expect(asked).toMatchObject({
      capacity: 'supplement',
      holder: { id: story.source.id },
      dueDate: calendar.after(system.time.today(), 10),
    });
    expect((await story.show()).hold).toMatchObject({ kind: 'awaitingSupplement' });
    expect(await inbox(story.filer, 'state=open')).toContain(asked.id);

    await system.time.passTo(calendar.after(asked.dueDate, 1));
    const late = await shows(story, 'the escalation of the supplement', (detail) => climbs(detail).length === 1);
    expect(reminders(late)).toEqual([3, 1]);
    expect(climbs(late)).toEqual([county.id]);
    expect((await supplement(story)).status).toBe(200);
    const again = await story.task('sourceSchool');
    expect(entries(await story.show(), 'supplemented')).toMatchObject([{ late: true }]);
    expect(again).toMatchObject({ visit: 2, capacity: 'sourceSchool', dueDate: calendar.after(system.time.today(), 6) });

    await system.time.passTo(calendar.before(again.dueDate, 1));
    const reminded = await shows(story, 'the reminders of the second visit', (detail) => reminders(detail).length === 4);
    expect(reminders(reminded)).toEqual([3, 1, 3, 1]);
    expect((await story.decide('return', { opinion: '仍缺材料' })).body).toMatchObject({
      status: 403,
      code: 'second-return-needs-supervisor',
    });
    const superior = await supervisor(county);
    const returned = await superior.post(`/tasks/${again.id}/decision`, { verdict: 'return', opinion: '仍缺材料', version: again.version });
    expect(returned.status).toBe(200);
    await until(
      () => story.task(),
      ({ capacity }) => capacity === 'supplement',
      'the second supplement',
    );
    expect((await supplement(story)).status).toBe(200);
    const third = await story.task('sourceSchool');
    expect(third).toMatchObject({ visit: 3, dueDate: calendar.after(system.time.today(), 3) });
    expect(entries(await story.show(), 'supplemented')).toMatchObject([{ late: true }, { late: false }]);
    expect((await story.approveAll()).state).toBe('approved');
  });

  it("allows a second return to the holder's own supervisor too", async () => {
    const story = await Story.transfer(system, demo, withinACounty(demo));
    for (const step of ['sourceSchool', 'destinationSchool']) expect((await story.decide('approve', { step })).status).toBe(200);
    expect((await story.decide('return', { step: 'sourceAuthority', opinion: '缺户口簿' })).status).toBe(200);
    await story.task('sourceAuthority');
    expect((await supplement(story)).status).toBe(200);
    const again = await story.task('sourceAuthority');
    expect((await story.decide('return', { step: 'sourceAuthority', opinion: '仍缺' })).body).toMatchObject({
      code: 'second-return-needs-supervisor',
    });
    const own = await supervisor(again.holder);
    const { status } = await own.post(`/tasks/${again.id}/decision`, { verdict: 'return', opinion: '仍缺', version: again.version });
    expect(status).toBe(200);
  });

  it('counts from the first working day after a day off for a task that arrives on it (A7)', async () => {
    await system.time.passTo(calendar.nextDayOff(addDays(system.time.today(), 1)));
    expect(calendar.isWorked(system.time.today())).toBe(false);
    const story = await Story.transfer(system, demo, withinACounty(demo));
    const { dueDate } = await story.task('sourceSchool');
    const firstDay = calendar.after(system.time.today(), 1);
    expect(dueDate).toBe(calendar.after(firstDay, 9));
  });

  it('obeys a calendar amended in flight: the timer sleeps towards the old date, and what wakes reads it anew (A8)', async () => {
    const story = await Story.transfer(system, demo, withinACounty(demo));
    const { dueDate } = await story.task('sourceSchool');
    await amendHolidays(system, [calendar.after(system.time.today(), 2), calendar.after(system.time.today(), 3)]);
    const amended = await calendarOf(system);
    const moved = amended.after(system.time.today(), 10);
    expect(moved > dueDate).toBe(true);
    await system.time.passTo(calendar.before(dueDate, 3), 20);
    expect(reminders(await story.settled())).toEqual([]);
    await system.time.passTo(amended.before(moved, 3));
    await shows(story, 'the reminder of the amended calendar', (detail) => reminders(detail).length === 1);
    await system.time.passTo(amended.after(moved, 1), 8);
    expect(climbs(await story.settled())).toEqual([]);
    await system.time.passTo(amended.after(moved, 1));
    const detail = await shows(story, 'the escalation of the amended calendar', (one) => climbs(one).length === 1);
    expect(sentOn(detail, 'reminded')).toEqual([amended.before(moved, 3), amended.before(moved, 1)]);
    expect(sentOn(detail, 'escalated')).toEqual([amended.after(moved, 1)]);
    calendar = amended;
  });

  it('rings for a second visit on the day that an amendment of days which the first one used has brought nearer (A8, A9)', async () => {
    await system.time.passTo(calendar.after(calendar.nextDayOff(system.time.today()), 1)); // a new week
    const story = await Story.transfer(system, demo, withinACounty(demo));
    const dayOff = calendar.nextDayOff(system.time.today());
    await system.time.passTo(calendar.after(dayOff, 1));
    expect((await story.decide('return', { opinion: '缺户口簿' })).status).toBe(200);
    await story.task('sourceSchool');
    expect((await supplement(story)).status).toBe(200);
    const second = await until(() => story.task(), ({ visit }) => visit === 2, 'the second visit'); // prettier-ignore
    const year = Number(dayOff.slice(0, 4));
    const days = (await daysOf(system, year)).filter(({ date }) => date !== dayOff);
    await amended(system, draftOf(year, [...days, worked(dayOff)]));
    calendar = await calendarOf(system);
    const { dueDate } = await story.task();
    expect(dueDate).toBe(calendar.before(second.dueDate, 1));
    await system.time.passTo(calendar.before(dueDate, 3), 8);
    expect(reminders(await story.settled())).toEqual([]);
    await system.time.passTo(calendar.before(dueDate, 3));
    const detail = await shows(story, 'the reminder of the second visit', (one) => reminders(one).length === 1);
    expect(sentOn(detail, 'reminded')).toEqual([calendar.before(dueDate, 3)]);
    await story.filer.post(`/change-requests/${story.id}/recall`, { reason: '不再需要' });
  });

  it('shows a deadline as provisional when it crosses into a year whose calendar is not published', async () => {
    const late = `${calendar.publishedThrough.slice(0, 4)}-12-24`;
    const before = await Story.transfer(system, demo, withinACounty(demo));
    const { id } = await before.task();
    const nearer = system.time.today() < calendar.before(late, 10);
    if (nearer) expect((await (await before.reviewer(await before.task())).get(`/tasks/${id}`)).body).toMatchObject({ provisional: false });
    if (system.time.today() < late) await system.time.passTo(late);
    const story = await Story.transfer(system, demo, withinACounty(demo));
    const task = await story.task();
    const reviewer = await story.reviewer(task);
    expect((await reviewer.get(`/tasks/${task.id}`)).body).toMatchObject({ provisional: true });
    expect((await story.show()).currentTasks).toMatchObject([{ provisional: true }]);
  });

  it('lets each clock of a step returned three times ring for itself: four visits and three supplements, each message once', async () => {
    const story = await Story.transfer(system, demo, withinACounty(demo));
    const [county] = superiors(story.source);
    const clocks: { capacity: string; visit: number; days: number }[] = [];
    const due: string[][] = [];

    /** The open task is left lying until it was escalated: its days, and what must have gone out for it. */
    async function lies(capacity: string): Promise<Detail['currentTasks'][number]> {
      const task = await until(() => story.task('sourceSchool'), (one) => one.capacity === capacity, `a ${capacity}`); // prettier-ignore
      const { body } = await story.filer.get<{ workingDays: number; arrivedOn: string }>(`/tasks/${task.id}`);
      clocks.push({ capacity, visit: task.visit, days: body.workingDays });
      expect(task.dueDate).toBe(calendar.after(body.arrivedOn, body.workingDays));
      // Nobody is reminded on the day of arrival: of three days only the last reminder is left.
      for (const n of [3, 1].filter((before) => before < body.workingDays))
        due.push([`reminded:${task.id}:${n}`, calendar.before(task.dueDate, n)]);
      due.push([`escalated:${task.id}:1`, calendar.after(task.dueDate, 1)]);
      await system.time.passTo(calendar.after(task.dueDate, 1));
      await shows(story, 'the escalation', (detail) => climbs(detail).length === clocks.length);
      return task;
    }
    for (let round = 1; round <= 3; round += 1) {
      const { id, version, holder } = await lies('sourceSchool');
      const by = round === 1 ? await story.reviewer({ holder }) : await supervisor(county);
      const answer = await by.post(`/tasks/${id}/decision`, { verdict: 'return', opinion: `第${round}次退回`, version });
      expect(answer).toMatchObject({ status: 200 });
      await lies('supplement');
      expect((await supplement(story)).status).toBe(200);
    }
    await lies('sourceSchool');

    // Ten days were spent on the first visit: whatever comes after has the least that a visit gets (A9).
    const visit = (n: number) => ({ capacity: 'sourceSchool', visit: n, days: n === 1 ? 10 : 3 });
    const pause = (n: number) => ({ capacity: 'supplement', visit: n, days: 10 });
    expect(clocks).toEqual([visit(1), pause(1), visit(2), pause(2), visit(3), pause(3), visit(4)]);
    const sent = await inScope(system.db, 'system', (tx) =>
      tx.query<{ key: string; at: Date }[]>(
        `select key, at from act where stream_id = $1 and kind in ('reminded', 'escalated') order by seq`,
        [story.id],
      ),
    );
    expect(sent.map(({ key, at }) => [key, dateOf(at.getTime())])).toEqual(due);
    expect((await story.approveAll()).state).toBe('approved');
  });
});
