import { calendarOf } from '../fixtures/calendar.js';
import { as } from '../fixtures/client.js';
import { acrossProvinces, Demonstration, type DemoOrganisation } from '../fixtures/demonstration.js';
import { staySignedIn } from '../fixtures/owner.js';
import { Story, until, type Detail } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';

const DOCUMENT = { number: '示〔2026〕19号', issuingBody: '示范东省教育厅', date: '2026-09-01', filingNumber: '备〔2026〕61号' };
const climbs = ({ timeline }: Detail) => timeline.filter(({ kind }) => kind === 'escalated').map(({ escalatedTo }) => escalatedTo?.id);

describe('the ladder that a province sets (A4, A17)', () => {
  let system: System;
  let demo: Demonstration;
  let calendar: Awaited<ReturnType<typeof calendarOf>>;
  let skips: DemoOrganisation;
  let climbsAll: DemoOrganisation;
  beforeAll(async () => {
    system = await startSystem({ engine: 'time-skipping' });
    await staySignedIn(system);
    demo = await Demonstration.of(system);
    calendar = await calendarOf(system);
    [skips, climbsAll] = acrossProvinces(demo);
  });
  afterAll(() => system?.stop());

  const province = (school: DemoOrganisation) => demo.at(school, 'province') as string;
  const withdrawal = (school: DemoOrganisation) =>
    Story.within(system, demo, school, {
      kind: 'withdrawal',
      details: { ground: 'ownApplication' },
    });
  const supervises = (id: string) => as(system, demo.holder(id, 'authoritySupervisor'));
  const inInbox = async (id: string, task: { id: string }) =>
    (await (await supervises(id)).get<{ items: { id: string }[] }>('/tasks?limit=200&overdue=true')).body.items.some(
      (item) => item.id === task.id,
    );

  it('takes an overdue task to the province at once in one, rung by rung in the other; running cases keep their ladder', async () => {
    const before = await withdrawal(skips);
    const [drafter, second] = demo.holders(province(skips), 'authoritySupervisor') as [string, string];
    const draft = await (await as(system, drafter)).post('/policies', { document: DOCUMENT, content: { escalateTo: ['top'] } });
    expect(draft.status).toBe(201);
    const version = `/policies/${draft.body.id}/versions/${draft.body.version}`;
    const on = { effectiveFrom: system.time.today() };
    expect((await (await as(system, second)).post(`${version}/activation`, on)).status).toBe(200);

    const [after, elsewhere] = [await withdrawal(skips), await withdrawal(climbsAll)];
    const tasks = await Promise.all([before, after, elsewhere].map((story) => story.task()));
    const due = tasks
      .map(({ dueDate }) => dueDate)
      .sort()
      .at(-1) as string;
    await system.time.passTo(calendar.after(due, 13));
    const [old, skipped, climbed] = (await Promise.all(
      [before, after, elsewhere].map((story, i) =>
        until(
          () => story.show(),
          (detail) => climbs(detail).length >= [3, 1, 3][i]!,
          'the escalations',
        ),
      ),
    )) as [Detail, Detail, Detail];
    const ladder = (school: DemoOrganisation) =>
      demo
        .superiors(school)
        .filter(({ level }) => level !== 'national')
        .map(({ id }) => id);
    expect([climbs(skipped), climbs(old), climbs(climbed)]).toEqual([[province(skips)], ladder(skips), ladder(climbsAll)]);
    const [, task] = tasks as [Detail['currentTasks'][number], Detail['currentTasks'][number]];
    expect([await inInbox(province(skips), task), await inInbox(skips.parentId as string, task)]).toEqual([true, false]);
    expect((await (await supervises(skips.parentId as string)).post(`/tasks/${task.id}/urge`)).body.code).toBe('not-your-task');
    expect((await (await supervises(province(skips))).post(`/tasks/${task.id}/urge`)).status).toBe(200);
  });
});
