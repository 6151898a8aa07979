import { connected } from '../../src/platform/database/data-source.js';
import { Demonstration } from '../fixtures/demonstration.js';
import { OrderTold } from '../fixtures/orders.js';
import { Story, until } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';
import { Telling } from '../fixtures/telling.js';
import { UNTIL } from '../fixtures/dates.js';

describe('what answers an order 责令 and what does not (A18)', () => {
  let system: System;
  let demo: Demonstration;
  beforeAll(async () => {
    system = await startSystem();
    demo = await Demonstration.of(system);
  });
  afterAll(() => system?.stop());

  const ordered = () => OrderTold.placed(system, demo, { kind: 'suspension' });

  /** The suspension that is ordered, filed by the school. */
  const filed = ({ school, studentId }: OrderTold) =>
    Story.within(system, demo, school, { kind: 'suspension', studentId, details: { ground: 'illness', until: UNTIL } });
  const kinds = async (order: OrderTold) => (await order.show()).timeline.map(({ kind }) => kind);
  const toldOf = async (order: OrderTold, story: Story) => {
    const telling = new Telling(system);
    await telling.now();
    return (await telling.of(order.authority, story)).map(({ kind }) => kind);
  };

  it('stands again when the school’s own reviewer rejects what the school filed, and the next filing answers it', async () => {
    const order = await ordered();
    const story = await filed(order);
    expect(await order.show()).toMatchObject({ state: 'answered', requestId: story.id });
    expect((await story.decide('reject', { opinion: '不同意' })).status).toBe(200);
    expect(await order.show()).toMatchObject({ state: 'open', requestId: null });
    expect(await kinds(order)).toEqual(['ordered', 'filed', 'reopened']);
    const { number } = await order.show();
    await until(
      () => system.client.workflow.getHandle(`order/${number}`).describe(),
      ({ status }) => status.name === 'RUNNING',
      'the order’s process to run again',
    );
    await story.settled();
    const again = await filed(order);
    expect(await order.show()).toMatchObject({ state: 'answered', requestId: again.id });
    expect(await toldOf(order, story)).not.toContain('orderedRejected');
  });

  it('stays answered when an authority rejects the filing; the authority that ordered is told and may order anew', async () => {
    const order = await ordered();
    const story = await filed(order);
    expect((await story.decide('approve')).status).toBe(200);
    expect((await story.decide('reject', { step: 'authority', opinion: '不符合条件' })).status).toBe(200);
    const shown = await order.show();
    expect(shown).toMatchObject({ state: 'answered', requestId: story.id });
    expect(shown.timeline.at(-1)).toMatchObject({ kind: 'filingRejected', requestId: story.id, by: { office: 'authorityReviewer' } });
    expect(await toldOf(order, story)).toContain('orderedRejected');
    await story.settled();
    const { school, studentId } = order;
    const anew = { schoolId: school.id, kind: 'suspension', studentId, findings: '仍未办理', dueDate: system.time.today() };
    expect((await order.authority.post('/orders', anew)).status).toBe(201);
  });

  it('is answered by a filing of the same instant, or not placed because of it', async () => {
    const { id, school, destination, studentId, authority, clerk } = await OrderTold.placed(system, demo);
    expect((await authority.post(`/orders/${id}/withdrawal`, { reason: '另行责令' })).status).toBe(200);
    const evidenceIds = [await clerk.evidence()];
    const filing = { kind: 'transfer', studentId, details: { destinationSchoolId: destination.id }, evidenceIds, reason: '依责令办理' };
    const order = { schoolId: school.id, kind: 'transfer', studentId, findings: '未办理', dueDate: system.time.today() };
    const owner = await connected({ type: 'postgres', url: system.databaseUrl, poolSize: 1 });
    const held = owner.createQueryRunner();
    await held.startTransaction();
    // Both have asked what they need to know of each other, and neither has committed, when the lock goes.
    await held.query('lock table supervision_order in exclusive mode');
    const both = Promise.all([authority.post('/orders', order), clerk.post('/change-requests', filing)]);
    const waiting = `select count(*)::int as n from pg_locks where not granted and database = (select oid from pg_database
      where datname = current_database())`;
    await until(
      () => held.query(waiting) as Promise<[{ n: number }]>,
      ([{ n }]) => n >= 2,
      'both to wait',
      4000,
    );
    await held.commitTransaction();
    await held.release();
    await owner.destroy();
    const [placed, made] = await both;
    expect(made.status).toBe(201);
    if (placed.status === 201)
      expect((await authority.get(`/orders/${placed.body.id}`)).body).toMatchObject({ state: 'answered', requestId: made.body.id });
    else expect(placed.body).toMatchObject({ code: 'already-filed', requestId: made.body.id });
  });
});
