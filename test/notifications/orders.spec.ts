import { addDays } from '../../src/domain/working-days.js';
import { ByHand } from '../fixtures/by-hand.js';
import { amendHolidays, calendarOf } from '../fixtures/calendar.js';
import { as, type ApiClient } from '../fixtures/client.js';
import { Demonstration, withinACounty, type DemoOrganisation } from '../fixtures/demonstration.js';
import { staySignedIn } from '../fixtures/owner.js';
import { OrderTold } from '../fixtures/orders.js';
import { activitiesOf } from '../fixtures/process.js';
import { Story } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';
import { Telling } from '../fixtures/telling.js';

interface Told {
  kind: string;
  title: string;
  number: string | null;
  requestId: string | null;
  orderId: string | null;
  studentId: string | null;
  organisation: { id: string } | null;
}

describe('people are told', () => {
  let system: System;
  let demo: Demonstration;
  let telling: Telling;
  let school: DemoOrganisation;
  let supervisor: ApiClient;
  let clerk: ApiClient;
  let reviewer: ApiClient;
  beforeAll(async () => {
    system = await startSystem({ engine: 'none' });
    await staySignedIn(system);
    demo = await Demonstration.of(system);
    telling = new Telling(system);
    [school] = withinACounty(demo);
    supervisor = await as(system, demo.holder(school.parentId as string, 'authoritySupervisor'));
    clerk = await as(system, demo.holder(school.id, 'schoolClerk'));
    reviewer = await as(system, demo.holder(school.id, 'schoolReviewer'));
  });
  afterAll(() => system?.stop());

  const told = async (client: ApiClient, about: { orderId?: string; studentId?: string; requestId?: string }): Promise<Told[]> => {
    await telling.now();
    const { items } = (await client.get<{ items: Told[] }>('/notifications?limit=200')).body;
    return items.filter((item) => Object.entries(about).every(([key, id]) => item[key as keyof Told] === id));
  };
  const kinds = async (client: ApiClient, about: Parameters<typeof told>[1]) => (await told(client, about)).map(({ kind }) => kind);

  it('of an order 责令: the school of it, the superiors, authority and school of silence, the authority of the answer', async () => {
    const order = await OrderTold.placed(system, demo, { days: 3 });
    const about = { orderId: order.id };
    const { number, dueDate } = await order.show();
    expect(await told(clerk, about)).toMatchObject([
      {
        kind: 'orderPlaced',
        number,
        requestId: null,
        studentId: null,
        organisation: { id: school.id },
        title: expect.stringMatching(/^收到责令/),
      },
    ]);
    expect([await kinds(reviewer, about), await kinds(supervisor, about)]).toEqual([['orderPlaced'], []]); // who ordered knows

    system.time.jumpTo((await calendarOf(system)).after(dueDate, 2), 12);
    await activitiesOf(system).escalateOrder({ orderId: order.id, level: 1 });
    const [, city] = demo.superiors(school) as [DemoOrganisation, DemoOrganisation];
    const above = await as(system, demo.holder(city.id, 'authoritySupervisor'));
    for (const client of [above, supervisor]) expect(await kinds(client, about)).toEqual(['orderOverdue']);
    expect(await kinds(clerk, about)).toEqual(['orderOverdue', 'orderPlaced']);

    const requestId = await order.file();
    expect(await kinds(supervisor, about)).toEqual(['orderAnswered', 'orderOverdue']);
    expect(await kinds(above, about)).toEqual(['orderOverdue']);
    expect((await clerk.post(`/change-requests/${requestId}/recall`, { reason: '误报' })).status).toBe(200);
    expect((await kinds(supervisor, about))[0]).toBe('orderReopened');
    expect((await kinds(reviewer, about))[0]).toBe('orderReopened');
    expect(await kinds(clerk, about)).toEqual(['orderOverdue', 'orderPlaced']); // who recalled knows
  });

  it('of the end of a suspension: the school before it, the school and its authority when nobody came back', async () => {
    const studentId = demo.student(school.id, 'suspended');
    const about = { studentId };
    const until = '2027-08-31'; // the demonstration's suspensions end then
    await system.time.passTo(addDays(until, -30));
    while (await system.terms.pass());
    expect(await told(clerk, about)).toMatchObject([{ kind: 'suspensionEnding', number: null, requestId: null, orderId: null }]);
    expect(await kinds(supervisor, about)).toEqual([]);
    await system.time.passTo(addDays(until, 20));
    while (await system.terms.pass());
    expect([await kinds(clerk, about), await kinds(supervisor, about)]).toEqual([
      ['suspensionExpired', 'suspensionEnding'],
      ['suspensionExpired'],
    ]);
    expect(JSON.stringify(await told(clerk, about))).not.toMatch(/学生姓名|G\d{17}/);
  });

  it('of a deadline that an amended calendar moved: the superiors the task was escalated to, nobody if it was not', async () => {
    system.time.jumpTo('2026-03-02', 10);
    const process = new ByHand(system);
    const filed = () => Story.within(system, demo, school, { kind: 'deregistration', details: { cause: 'lapsed' } });
    const silent = await filed();
    await process.settle(silent.id);
    const { dueDate } = await silent.task();
    system.time.jumpTo((await calendarOf(system)).after(dueDate, 1), 12);
    await process.settle(silent.id);
    const fresh = await filed();
    await process.settle(fresh.id);
    expect(await kinds(supervisor, { requestId: silent.id })).toEqual(['escalated']);
    await amendHolidays(system, [dueDate]);
    expect(await kinds(supervisor, { requestId: silent.id })).toEqual(['deadlineMoved', 'escalated']);
    for (const client of [supervisor, clerk, reviewer]) expect(await kinds(client, { requestId: fresh.id })).not.toContain('deadlineMoved');
    expect(await kinds(reviewer, { requestId: silent.id })).not.toContain('deadlineMoved');
  });
});
