import { addDays } from '../../src/domain/working-days.js';
import { as, type ApiClient } from '../fixtures/client.js';
import { acrossProvinces, Demonstration, type DemoOrganisation } from '../fixtures/demonstration.js';
import { OrderTold } from '../fixtures/orders.js';
import { asOwner } from '../fixtures/owner.js';
import { Story } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';

describe('orders 责令 through the API (A18), while Temporal is away', () => {
  let system: System;
  let demo: Demonstration;
  beforeAll(async () => {
    system = await startSystem({ engine: 'none' });
    demo = await Demonstration.of(system);
  });
  afterAll(() => system?.stop());

  const placed = (more: Parameters<typeof OrderTold.placed>[2] = {}) => OrderTold.placed(system, demo, more);
  const listed = async (client: ApiClient, query = ''): Promise<string[]> =>
    (await client.get<{ items: { id: string }[] }>(`/orders?limit=200${query}`)).body.items.map(({ id }) => id);
  const kinds = async (order: OrderTold) => (await order.show()).timeline.map(({ kind }) => kind);

  it('are seen by the school and its superiors, with findings, office and head; by nobody else', async () => {
    const order = await placed();
    const shown = await order.show();
    expect(shown).toMatchObject({ state: 'open', overdue: false, findings: '该生实际未在校就读。', escalatedTo: [], requestId: null });
    expect(shown.timeline).toMatchObject([{ kind: 'ordered', by: { office: 'authoritySupervisor', head: { id: expect.any(String) } } }]);
    for (const { id } of demo.superiors(order.school)) {
      const superior = await as(system, demo.holder(id, 'authorityReviewer'));
      expect((await order.show(superior)).id).toBe(order.id);
      expect(await listed(superior, '&state=open')).toContain(order.id);
      expect(await listed(superior, '&escalated=true')).not.toContain(order.id);
    }
    const stranger = await as(system, demo.holder(acrossProvinces(demo)[1].id, 'schoolClerk'));
    expect((await stranger.get(`/orders/${order.id}`)).status).toBe(404);
    expect((await stranger.post(`/orders/${order.id}/reply`, { reply: '请说明' })).status).toBe(404);
    expect(await listed(stranger)).not.toContain(order.id);
  });

  it('come from a supervisor above the school only, the nearest or a higher one, once for a key', async () => {
    const { school, studentId } = await placed();
    const body = { schoolId: school.id, findings: '未按期整改', dueDate: addDays(system.time.today(), 3) };
    const clerk = await as(system, demo.holder(school.id, 'schoolClerk'));
    expect((await clerk.post('/orders', body)).body.code).toBe('not-your-office');
    const reviewer = await as(system, demo.holder(school.parentId ?? '', 'authorityReviewer'));
    expect((await reviewer.post('/orders', body)).body.code).toBe('not-your-office');
    const [county, , province] = demo.superiors(school) as [DemoOrganisation, DemoOrganisation, DemoOrganisation];
    const beside = [...demo.organisations.values()].find(({ level, parentId }) => level === 'county' && parentId !== county.parentId);
    const other = await as(system, demo.holder(beside?.id ?? '', 'authoritySupervisor'));
    expect((await other.post('/orders', body)).body).toMatchObject({ code: 'invalid-input', errors: [{ pointer: '/schoolId' }] });
    const high = await as(system, demo.holder(province.id, 'authoritySupervisor'));
    const first = await high.post('/orders', { ...body, studentId }, 'once');
    expect(first).toMatchObject({ status: 201, body: { authority: { id: province.id }, kind: null, studentId } });
    expect((await high.post('/orders', { ...body, studentId }, 'once')).body).toEqual(first.body);
  });

  it.each([
    ['/dueDate', { dueDate: '2020-01-01' }],
    ['/dueDate', { dueDate: '2099-01-01' }],
    ['/studentId', { kind: 'transfer' }],
    ['/studentId', { studentId: '0192f5c2-0000-7000-8000-000000000000' }],
    ['/kind', { kind: 'expulsion', studentId: '0192f5c2-0000-7000-8000-000000000000' }],
    ['/findings', { findings: '' }],
  ])('are refused with a pointer to %s', async (pointer, wrong) => {
    const { authority, school } = await placed();
    const body = { schoolId: school.id, findings: '查实', dueDate: addDays(system.time.today(), 3), ...wrong };
    expect((await authority.post('/orders', body)).body).toMatchObject({ code: 'invalid-input', errors: [{ pointer }] });
  });

  it('ask a school for no filing that only another school can make', async () => {
    const [ordinary] = demo.schools('ordinary') as [DemoOrganisation];
    const county = demo.superiors(ordinary)[0] as DemoOrganisation;
    const school = demo.schools().find(({ parentId }) => parentId === county.id) as DemoOrganisation;
    const supervisor = await as(system, demo.holder(county.id, 'authoritySupervisor'));
    const asked = (schoolId: string, kind: string, studentId: string) =>
      supervisor.post('/orders', { schoolId, kind, studentId, findings: '查实', dueDate: addDays(system.time.today(), 3) });
    const student = demo.student(school.id);
    const refused = { status: 422, body: { code: 'invalid-input', errors: [{ pointer: '/studentId' }] } };
    // Between the tracks the destination school files (R-18).
    expect(await asked(school.id, 'crossTrackTransfer', student)).toMatchObject(refused);
    expect(await asked(ordinary.id, 'crossTrackTransfer', student)).toMatchObject({ status: 201 });
    const left = demo.student(school.id);
    await asOwner(system, `update enrolment set state = 'transferredOut', valid_to = since where student_id = $1`, [left]);
    await asOwner(
      system,
      `insert into enrolment (id, student_id, school_id, state, major_code, grade, study_mode, length_years, enrolled_on,
        expected_leaving_on, valid_from, since, recorded_at, changed_at)
       select gen_random_uuid(), student_id, $2, 'active', major_code, grade, study_mode, length_years, enrolled_on, expected_leaving_on,
         since, since, recorded_at, changed_at
       from enrolment where student_id = $1`,
      [left, demo.schools().find(({ parentId }) => parentId !== county.id)?.id],
    );
    expect(await asked(school.id, 'suspension', left)).toMatchObject(refused);
  });

  it('are answered by the filing itself, in its transaction; by no other kind, student or school', async () => {
    const [order, beside] = [await placed(), await placed()];
    const requestId = await order.file();
    expect(await order.show()).toMatchObject({ state: 'answered', requestId });
    expect((await order.show()).timeline[1]).toMatchObject({ kind: 'filed', requestId, by: { office: 'schoolClerk' } });
    expect(await beside.show()).toMatchObject({ state: 'open', requestId: null });
    expect((await order.clerk.post(`/orders/${order.id}/reply`, { reply: '已办理' })).body.code).toBe('order-closed');
    const again = {
      schoolId: order.school.id,
      kind: 'transfer',
      studentId: order.studentId,
      findings: '请说明',
      dueDate: addDays(system.time.today(), 3),
    };
    expect((await order.authority.post('/orders', again)).body).toMatchObject({ code: 'already-filed', requestId });
  });

  it('cannot be evaded by recalling the filing: they stand again, and the next filing answers them', async () => {
    const order = await placed();
    const recalled = await order.file();
    expect((await order.clerk.post(`/change-requests/${recalled}/recall`, { reason: '暂缓' })).status).toBe(200);
    expect(await order.show()).toMatchObject({ state: 'open', requestId: null });
    expect(await kinds(order)).toEqual(['ordered', 'filed', 'reopened']);
  });

  it('are answered by a written reply that the authority accepts, or refuses with a new date', async () => {
    const order = await placed();
    const { id, clerk, authority } = order;
    const today = system.time.today();
    expect((await authority.post(`/orders/${id}/ruling`, { verdict: 'accept', note: '请说明' })).body.code).toBe('no-reply-yet');
    expect((await clerk.post(`/orders/${id}/reply`, { reply: '该生在校。' })).body).toMatchObject({ state: 'replied' });
    expect((await clerk.post(`/orders/${id}/reply`, { reply: '该生在校。' })).body.code).toBe('already-replied');
    expect((await clerk.post(`/orders/${id}/ruling`, { verdict: 'accept', note: '请说明' })).body.code).toBe('not-your-order');
    expect((await authority.post(`/orders/${id}/ruling`, { verdict: 'refuse', note: '无考勤' })).body).toMatchObject({
      errors: [{ pointer: '/dueDate' }],
    });
    const refused = await authority.post(`/orders/${id}/ruling`, { verdict: 'refuse', note: '无考勤', dueDate: addDays(today, 9) });
    expect(refused.body).toMatchObject({ state: 'open', dueDate: addDays(today, 9) });
    await clerk.post(`/orders/${id}/reply`, { reply: '附考勤。' });
    expect((await authority.post(`/orders/${id}/ruling`, { verdict: 'accept', note: '属实' })).body).toMatchObject({ state: 'answered' });
    expect((await order.show()).timeline).toMatchObject([
      { kind: 'ordered' },
      { kind: 'replied', reply: '该生在校。' },
      { kind: 'ruled', verdict: 'refuse', note: '无考勤' },
      { kind: 'replied', reply: '附考勤。' },
      { kind: 'ruled', verdict: 'accept', note: '属实' },
    ]);
  });

  it('are withdrawn by the authority that placed them', async () => {
    const order = await placed();
    expect((await order.clerk.post(`/orders/${order.id}/withdrawal`, { reason: '请说明' })).body.code).toBe('not-your-order');
    expect((await order.authority.post(`/orders/${order.id}/withdrawal`, { reason: '有误' })).body).toMatchObject({ state: 'withdrawn' });
    expect(await listed(order.authority, '&state=withdrawn')).toContain(order.id);
  });

  it('come in pages, newest first, each once', async () => {
    const { authority } = await placed();
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: { items: { id: string; orderedAt: string }[]; nextCursor: string | null } = (
        await authority.get(`/orders?limit=3${cursor && `&cursor=${cursor}`}`)
      ).body;
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(await listed(authority));
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.length).toBeGreaterThan(6);
  });

  describe('the register of irregularities 违规登记 (Art 26)', () => {
    const register = (client: ApiClient, body: object) =>
      client.post('/irregularities', { category: 'irregularChange', findings: '代签', ...body });

    it('is kept by a superior about what concerns an organisation below it, seen there and above, and closed by one outcome', async () => {
      const { id: orderId, authority, school, studentId, clerk } = await placed();
      const { id: requestId } = await Story.transfer(system, demo, [school, acrossProvinces(demo)[1]]);
      const made = await register(authority, { organisationId: school.id, orderId, studentId, requestId });
      expect(made).toMatchObject({ status: 201, body: { organisation: { id: school.id }, outcome: null, orderId, studentId, requestId } });
      const { id } = made.body;
      expect((await clerk.get(`/irregularities/${id}`)).body).toMatchObject({
        findings: '代签',
        registeredBy: { head: {} },
        outcomeBy: null,
      });
      const record = (by: ApiClient) => by.post(`/irregularities/${id}/outcome`, { outcome: 'rectified', note: '已补签' });
      const above = await as(system, demo.holder(demo.superiors(school)[1]?.id ?? '', 'authoritySupervisor'));
      expect((await record(clerk)).body.code).toBe('not-your-office');
      expect((await record(above)).body.code).toBe('not-your-office');
      expect((await record(authority)).body).toMatchObject({ outcome: 'rectified', outcomeAt: expect.any(String) });
      expect((await record(authority)).body.code).toBe('outcome-recorded');
      expect((await above.get(`/irregularities/${id}`)).body).toMatchObject({
        note: '已补签',
        outcomeBy: { office: 'authoritySupervisor' },
      });
      const found = async (client: ApiClient, query: string) =>
        (await client.get<{ items: { id: string }[] }>(`/irregularities?${query}`)).body.items.some((entry) => entry.id === id);
      expect(await found(clerk, 'state=closed&category=irregularChange')).toBe(true);
      expect(await found(above, 'state=open')).toBe(false);
      const stranger = await as(system, demo.holder(acrossProvinces(demo)[1].id, 'schoolClerk'));
      expect(await found(stranger, '')).toBe(false);
      expect((await stranger.get(`/irregularities/${id}`)).status).toBe(404);
    });

    it('takes an authority below as well, and refuses what is not below or does not concern it', async () => {
      const { authority, school, clerk } = await placed();
      const [county, city] = demo.superiors(school) as [DemoOrganisation, DemoOrganisation];
      const above = await as(system, demo.holder(city.id, 'authoritySupervisor'));
      expect((await register(above, { organisationId: county.id, category: 'disclosure' })).status).toBe(201);
      expect((await register(clerk, { organisationId: school.id })).body.code).toBe('not-your-office');
      const pointer = async (body: object) => (await register(authority, body)).body.errors;
      expect(await pointer({ organisationId: county.id })).toMatchObject([{ pointer: '/organisationId' }]);
      const elsewhere = acrossProvinces(demo)[1];
      const studentId = demo.student(elsewhere.id);
      expect(await pointer({ organisationId: elsewhere.id })).toMatchObject([{ pointer: '/organisationId' }]);
      expect(await pointer({ organisationId: school.id, studentId })).toMatchObject([{ pointer: '/studentId' }]);
      expect(await pointer({ organisationId: school.id, category: 'late' })).toMatchObject([{ pointer: '/category' }]);
    });
  });
});
