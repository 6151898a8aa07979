import pino from 'pino';
import { addDays, dateOf, dayOfWeek } from '../../src/domain/working-days.js';
import { ORDERS } from '../../src/cases/order-wakes.js';
import { Reconciler } from '../../src/cases/reconciler.js';
import { audited } from '../fixtures/audit.js';
import { amended, calendarOf, daysOf, draftOf, worked } from '../fixtures/calendar.js';
import { as } from '../fixtures/client.js';
import { Demonstration, type DemoOrganisation } from '../fixtures/demonstration.js';
import { OrderTold, type OrderShown } from '../fixtures/orders.js';
import { asOwner, staySignedIn } from '../fixtures/owner.js';
import { until } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';
import { historyAsJson, laidOpen, presentBundle, replayed } from './histories.js';

const climbs = ({ escalatedTo }: OrderShown) => escalatedTo.map(({ id }) => id);
const climbedOn = ({ timeline }: OrderShown) => timeline.filter(({ kind }) => kind === 'escalated').map(({ at }) => dateOf(Date.parse(at)));

describe('the process of an order and the passing of working days (A18)', () => {
  let calendar: Awaited<ReturnType<typeof calendarOf>>;
  let system: System;
  let demo: Demonstration;
  beforeAll(async () => {
    system = await startSystem();
    await staySignedIn(system);
    [demo, calendar] = await Promise.all([Demonstration.of(system), calendarOf(system)]);
  });
  afterAll(() => system?.stop());

  const placed: OrderTold[] = [];
  async function place(more?: Parameters<typeof OrderTold.placed>[2]): Promise<OrderTold> {
    const order = await OrderTold.placed(system, demo, more);
    placed.push(order);
    return order;
  }

  /** Not by `result()`, which lets the test server's time run ahead of the product's. */
  const ended = (number: string) =>
    until(
      () => system.client.workflow.getHandle(`order/${number}`).describe(),
      ({ status }) => status.name === 'COMPLETED',
      'the end of the run',
    );

  it('tells the superiors of a silent school level by level, from nine on working days, once each, until it is answered', async () => {
    const order = await place();
    const { dueDate } = await order.show();
    const [, city, province] = demo.superiors(order.school) as [DemoOrganisation, DemoOrganisation, DemoOrganisation];
    const firstDay = calendar.after(dueDate, 1);
    await system.time.passTo(firstDay, 8);
    expect(await order.show()).toMatchObject({ state: 'open', overdue: true, escalatedTo: [] });
    await system.time.passTo(firstDay);
    expect(climbs(await order.shows('the first climb', ({ escalatedTo }) => escalatedTo.length === 1))).toEqual([city.id]);
    const above = await as(system, demo.holder(city.id, 'authoritySupervisor'));
    expect((await above.get('/orders?escalated=true')).body.items).toMatchObject([{ id: order.id }]);
    await system.time.passTo(calendar.after(dueDate, 6));
    const higher = await order.shows('the second climb', ({ escalatedTo }) => escalatedTo.length === 2);
    expect(climbs(higher)).toEqual([city.id, province.id]);
    expect(climbedOn(higher)).toEqual([firstDay, calendar.after(dueDate, 6)]);
    await system.time.passTo(calendar.after(dueDate, 20));
    expect(climbs(await order.show())).toHaveLength(2);
    await order.file();
    const handle = system.client.workflow.getHandle(`order/${higher.number}`);
    await ended(higher.number);
    expect(
      await replayed(presentBundle(), [{ workflowId: handle.workflowId, history: historyAsJson(await handle.fetchHistory()) }]),
    ).toEqual([{ workflowId: handle.workflowId }]);
  });

  it('tells the competent authority too when a higher one ordered', async () => {
    const [, , province] = demo.superiors((await place()).school) as [unknown, unknown, DemoOrganisation];
    const order = await place({ by: province.id, days: 1 });
    const { dueDate } = await order.show();
    await system.time.passTo(calendar.after(dueDate, 6));
    const shown = await order.shows('two climbs', ({ escalatedTo }) => escalatedTo.length === 2);
    expect(climbs(shown)).toEqual(
      demo
        .superiors(order.school)
        .slice(0, 2)
        .map(({ id }) => id),
    );
  });

  it('holds still while a reply waits for the authority, and climbs again after the new date of a refusal', async () => {
    const order = await place({ days: 2 });
    await order.clerk.post(`/orders/${order.id}/reply`, { reply: '该生在校。' });
    await system.time.passTo(calendar.after((await order.show()).dueDate, 3));
    expect(climbs(await order.show())).toEqual([]);
    const dueDate = addDays(system.time.today(), 5);
    await order.authority.post(`/orders/${order.id}/ruling`, { verdict: 'refuse', note: '无考勤', dueDate });
    await system.time.passTo(calendar.after(dueDate, 1));
    expect(climbedOn(await order.shows('the climb', ({ escalatedTo }) => escalatedTo.length === 1))).toEqual([calendar.after(dueDate, 1)]);
  });

  it('runs anew when the filing that had answered it is recalled', async () => {
    const order = await place({ days: 3 });
    const { number } = await order.show();
    const requestId = await order.file();
    await ended(number);
    await order.clerk.post(`/change-requests/${requestId}/recall`, { reason: '暂缓' });
    const { dueDate } = await order.show();
    await until(
      () => system.client.workflow.getHandle(`order/${number}`).describe(),
      ({ status }) => status.name === 'RUNNING',
      'a new run of the order',
    );
    await system.time.passTo(calendar.after(dueDate, 1));
    await order.shows('the climb', ({ escalatedTo }) => escalatedTo.length === 1);
  });

  it('climbs on the nearer day when an amended calendar brings it', async () => {
    let friday = addDays(system.time.today(), 2);
    while (dayOfWeek(friday) !== 5 || !calendar.isWorked(friday) || calendar.isWorked(addDays(friday, 1))) friday = addDays(friday, 1);
    const saturday = addDays(friday, 1);
    // Orders of the sentences before may sleep past that Saturday too, which depends on the day of the run.
    for (const { id, authority } of placed) await authority.post(`/orders/${id}/withdrawal`, { reason: '结束' });
    const open = () => asOwner(system, `select id from supervision_order where state = 'open'`);
    expect(await open()).toEqual([]);
    const order = await place({ dueDate: friday });
    const asleep = () =>
      asOwner<{ at: Date | null }[]>(system, 'select next_wake_at as at from supervision_order where id = $1', [order.id]);
    await until(asleep, ([row]) => row?.at != null, 'the process to lie down');
    const year = Number(saturday.slice(0, 4));
    const id = await amended(system, draftOf(year, [...(await daysOf(system, year)), worked(saturday)]));
    expect(await asOwner(system, 'select woken from deadline_move where id = $1', [id])).toEqual([{ woken: 1 }]);
    await system.time.passTo(saturday, 20);
    expect(climbedOn(await order.shows('the climb', ({ escalatedTo }) => escalatedTo.length === 1))).toEqual([saturday]);
  });

  it('leaves a ledger that verifies, and in which a changed or removed act of an order is missed', async () => {
    const verified = () => audited(system);
    expect((await verified()).problems).toEqual([]);
    const [last] = await asOwner<{ id: string; seq: number }[]>(
      system,
      `select id, last_seq as seq from supervision_order order by ordered_at limit 1`,
    );
    await asOwner(system, 'alter table act disable trigger act_append_only; alter table act_text disable trigger act_text_no_delete');
    await asOwner(system, 'delete from act_text where stream_id = $1 and seq = $2', [last?.id, last?.seq]);
    await asOwner(system, 'delete from act where stream_id = $1 and seq = $2', [last?.id, last?.seq]);
    expect((await verified()).problems).toEqual(
      expect.arrayContaining([
        `order ${last?.id}: its chain does not end with act ${last?.seq}`,
        `order ${last?.id}: its chain does not end with act ${last?.seq}, which its head names`,
      ]),
    );
  });
});

describe("an order's process on the server", () => {
  let system: System;
  let demo: Demonstration;
  beforeAll(async () => {
    system = await startSystem({ engine: 'server', worker: false });
    demo = await Demonstration.of(system);
  });
  afterAll(() => system?.stop());

  const reconciled = (): Reconciler => {
    const { db, client, config, time } = system;
    const log = pino({ level: 'silent' });
    return new Reconciler({ db, client, taskQueue: config.temporal.taskQueue, clock: time, log }, ORDERS);
  };

  it('gives way to the order that has its number now, when the ledger was restored to before it was placed', async () => {
    const worker = await system.startWorker();
    const lost = await OrderTold.placed(system, demo);
    const handle = system.client.workflow.getHandle(`order/${(await lost.show()).number}`);
    const { runId } = await handle.describe();
    await asOwner(
      system,
      `set session_replication_role = replica;
       select setval('supervision_order_number', (
         select substring(number from '〕(\\d+)号')::bigint from supervision_order where id = '${lost.id}'),
         false);
       delete from supervision_order where id = '${lost.id}'`,
    );
    const anew = await OrderTold.placed(system, demo);
    const { number } = await anew.show();
    expect(`order/${number}`).toBe(handle.workflowId);
    const former = system.client.workflow.getHandle(handle.workflowId, runId);
    await expect(former.result()).rejects.toMatchObject({ cause: { type: 'diverged' } });
    await system.time.pass(4000);
    expect(await reconciled().pass(false)).toEqual([number]);
    await until(
      () => asOwner<{ read: number }[]>(system, 'select read_seq as read from supervision_order where id = $1', [anew.id]),
      ([row]) => row?.read === 1,
      'the reading of the new run',
    );
    await worker.stop();
  });

  it('is started anew by the reconciler when lost, also to end what a person ended meanwhile, and knows nothing personal', async () => {
    const worker = await system.startWorker();
    const order = await OrderTold.placed(system, demo);
    const { number } = await order.show();
    const handle = () => system.client.workflow.getHandle(`order/${number}`);
    const read = () =>
      asOwner<{ runId: string | null; read: number; last: number }[]>(
        system,
        'select run_id as "runId", read_seq as read, last_seq as last from supervision_order where id = $1',
        [order.id],
      );
    const caughtUp = (what: string, run = '') =>
      until(read, ([row]) => row !== undefined && row.runId !== run && row.read === row.last, what);
    const [before] = await caughtUp('the first reading');
    await handle().terminate('the test ends it');
    await system.time.pass(11_000);
    const reconciler = reconciled();
    expect(await reconciler.pass(true)).toEqual([number]);
    await caughtUp('the reading of the new run', before?.runId ?? '');
    expect(await reconciler.pass(true)).toEqual([]);
    expect((await order.show()).timeline).toHaveLength(1);

    await worker.stop();
    await handle().terminate('the test ends it again');
    await order.authority.post(`/orders/${order.id}/withdrawal`, { reason: '有误' });
    await system.startWorker();
    await system.time.pass(11_000);
    await reconciler.pass(false);
    expect(await handle().result()).toBe('withdrawn');
    const history = laidOpen(JSON.stringify(historyAsJson(await handle().fetchHistory())));
    expect(history).toContain('责令');
    for (const text of ['实际未在校', '有误', order.studentId]) expect(history).not.toContain(text);
  });
});
