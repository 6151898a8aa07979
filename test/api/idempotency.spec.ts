import { randomUUID } from 'node:crypto';
import { appointed } from '../fixtures/appointed.js';
import { as, type ApiClient } from '../fixtures/client.js';
import { acrossCounties, Demonstration, type DemoOrganisation } from '../fixtures/demonstration.js';
import { ByHand } from '../fixtures/by-hand.js';
import { asOwner } from '../fixtures/owner.js';
import { held } from '../fixtures/held.js';
import { startSystem, type System } from '../fixtures/system.js';

describe('an idempotency key', () => {
  let system: System;
  let demo: Demonstration;
  let source: DemoOrganisation;
  let destination: DemoOrganisation;
  let filer: ApiClient;
  let evidenceId: string;
  beforeAll(async () => {
    system = await startSystem({ engine: 'none' });
    demo = await Demonstration.of(system);
    [source, destination] = acrossCounties(demo);
    filer = await as(system, demo.holder(source.id, 'schoolClerk'));
    evidenceId = await filer.evidence();
  });
  afterAll(() => system?.stop());

  const filing = (more: object = {}) => ({
    kind: 'transfer',
    studentId: demo.student(source.id),
    details: { destinationSchoolId: destination.id },
    evidenceIds: [evidenceId],
    reason: '家庭迁居',
    ...more,
  });
  const requestsOf = async (studentId: string) =>
    (await asOwner<{ n: number }[]>(system, 'select count(*)::int as n from change_request where student_id = $1', [studentId]))[0]?.n;

  it('gets the same answer and status for the same body, however its fields are ordered, and files once', async () => {
    const key = randomUUID();
    const body = filing();
    const first = await filer.post('/change-requests', body, key);
    expect(first.status).toBe(201);
    expect(await filer.post('/change-requests', body, key)).toEqual(first);
    expect(await filer.post('/change-requests', Object.fromEntries(Object.entries(body).reverse()), key)).toEqual(first);
    expect(await requestsOf(body.studentId)).toBe(1);
  });

  it('says in a header that an answer is a repetition, and where a thing that was made is read', async () => {
    const key = randomUUID();
    const body = JSON.stringify(filing());
    const send = () =>
      fetch(`${system.url}/api/v1/change-requests`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key, Authorization: `Bearer ${filer.token}` },
        body,
      });
    const [first, again] = [await send(), await send()];
    const { id } = (await first.json()) as { id: string };
    expect([first, again].map(({ headers }) => headers.get('idempotency-replayed'))).toEqual([null, 'true']);
    expect([first, again].map(({ headers }) => headers.get('location'))).toEqual([
      `/api/v1/change-requests/${id}`,
      `/api/v1/change-requests/${id}`,
    ]);
  });

  it('gets the answer of then, not of now', async () => {
    const key = randomUUID();
    const body = filing();
    const first = await filer.post('/change-requests', body, key);
    await filer.post(`/change-requests/${first.body.id}/recall`, { reason: '算了' });
    expect((await filer.post('/change-requests', body, key)).body).toEqual(first.body);
  });

  it('with another body, or on another route, is refused', async () => {
    const key = randomUUID();
    const body = filing();
    const { body: filed } = await filer.post('/change-requests', body, key);
    const reused = { status: 422, body: { code: 'idempotency-key-reused' } };
    expect(await filer.post('/change-requests', { ...body, reason: '另一理由' }, key)).toMatchObject(reused);
    expect(await filer.post(`/change-requests/${filed.id}/recall`, { reason: '算了' }, key)).toMatchObject(reused);
    expect((await filer.get(`/change-requests/${filed.id}`)).body.state).toBe('open');
  });

  const id = randomUUID();
  it.each([
    '/change-requests',
    `/change-requests/${id}/recall`,
    `/change-requests/${id}/supplement`,
    `/change-requests/${id}/urge`,
    `/tasks/${id}/decision`,
    `/tasks/${id}/claim`,
    `/tasks/${id}/release`,
    `/tasks/${id}/reassignment`,
    `/tasks/${id}/urge`,
    '/tasks/decisions',
    `/organisations/${id}/offices`,
    `/organisations/${id}/offices/${id}/end`,
    `/office-grants/${id}/confirmation`,
  ])('is required at POST %s, of 1 to 200 visible characters', async (path) => {
    const required = { status: 400, body: { code: 'idempotency-key-required' } };
    const caller = /^\/o(rganisations|ffice-grants)/.test(path) ? await as(system, demo.holder(source.parentId ?? '', 'orgAdmin')) : filer;
    expect(await caller.send('POST', path, {})).toMatchObject(required);
    for (const key of ['', 'x'.repeat(201), 'two words'])
      expect(await caller.send('POST', path, {}, { 'Idempotency-Key': key })).toMatchObject(required);
    expect((await caller.send('POST', path, {}, { 'Idempotency-Key': 'x'.repeat(200) })).status).not.toBe(400);
  });

  it('belongs to its person: the same key of another is another', async () => {
    const key = randomUUID();
    const other = await as(system, demo.holder(destination.id, 'schoolClerk'));
    const mine = await filer.post('/change-requests', filing(), key);
    const theirs = await other.post(
      '/change-requests',
      filing({
        studentId: demo.student(destination.id),
        details: { destinationSchoolId: source.id },
        evidenceIds: [await other.evidence()],
      }),
      key,
    );
    expect([mine.status, theirs.status]).toEqual([201, 201]);
    expect(theirs.body.id).not.toBe(mine.body.id);
  });

  it('of a write that was refused may be used again', async () => {
    const key = randomUUID();
    const body = filing({ details: { destinationSchoolId: source.id } });
    expect(await filer.post('/change-requests', body, key)).toMatchObject({ status: 422, body: { code: 'same-school' } });
    expect((await filer.post('/change-requests', { ...body, details: { destinationSchoolId: destination.id } }, key)).status).toBe(201);
  });

  it('of ten posts at once files one request and answers all ten alike', async () => {
    const key = randomUUID();
    const body = filing();
    const answers = await Promise.all(Array.from({ length: 10 }, () => filer.post('/change-requests', body, key)));
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(201));
    for (const answer of answers) expect(answer.body).toEqual(answers[0]?.body);
    expect(await requestsOf(body.studentId)).toBe(1);
  });

  it('whose first request is held up is refused soon, and answered once that one is through', async () => {
    const key = randomUUID();
    const { body } = await filer.post('/change-requests', filing());
    const recall = () => filer.post(`/change-requests/${body.id}/recall`, { reason: '算了' }, key);
    const holder = await held(system, body.id);
    const first = recall();
    await holder.waitedFor();
    const began = Date.now();
    expect(await recall()).toMatchObject({ status: 409, body: { code: 'in-flight' } });
    expect(Date.now() - began).toBeLessThan(4000);
    await holder.release();
    expect((await first).status).toBe(200);
    expect(await recall()).toEqual(await first);
  });

  it('is answered again only while the office of the work is held, also where the case judges and not the route', async () => {
    const [username = ''] = demo.holders(destination.id, 'schoolClerk');
    const office = await appointed(system, demo, source.id, { username, office: 'schoolClerk' });
    const both = await as(system, username); // a clerk at two schools
    const [there, here] = [randomUUID(), randomUUID()];
    const body = filing();
    const own = { ...body, studentId: demo.student(destination.id), details: { destinationSchoolId: source.id } };
    expect((await both.post('/change-requests', body, there)).status).toBe(201);
    const kept = await both.post('/change-requests', own, here);
    expect(kept.status).toBe(201);
    expect((await both.post('/change-requests', body, there)).status).toBe(201);
    const admin = await as(system, demo.holder(source.parentId ?? '', 'orgAdmin'));
    const end = (id: string, key?: string) => admin.post(`/organisations/${source.id}/offices/${id}/end`, { reason: '岗位调整' }, key);
    expect((await end(office)).status).toBe(200);
    expect(await both.post('/change-requests', body, there)).toMatchObject({ status: 403, body: { code: 'not-your-office' } });
    expect(await both.post('/change-requests', own, here)).toEqual(kept);
    const rows = await asOwner<{ standing: object[] }[]>(system, 'select standing from idempotency where key = $1', [here]);
    expect(rows).toEqual([{ standing: [{ office: 'schoolClerk', organisationId: destination.id }] }]);
  });

  it('of what a proxy did is answered again while the person stands in', async () => {
    const username = demo.holder(destination.id, 'schoolReviewer');
    await appointed(system, demo, source.id, { username, office: 'schoolClerk' });
    const [absent, proxy] = [await as(system, demo.holder(source.id, 'schoolReviewer')), await as(system, username)];
    const until = new Date(system.time.now() + 86_400_000).toISOString();
    const named = { username, office: 'schoolReviewer', organisationId: source.id, until, reason: '休假' };
    const { body: standsIn } = await absent.post('/me/proxies', named);
    const { body: filed } = await filer.post('/change-requests', filing());
    await new ByHand(system).settle(filed.id);
    const [task] = (await filer.get(`/change-requests/${filed.id}`)).body.currentTasks;
    const key = randomUUID();
    const claim = () => proxy.post(`/tasks/${task.id}/claim`, {}, key);
    const first = await claim();
    expect(first.status).toBe(200);
    expect(await claim()).toEqual(first);
    expect((await absent.post(`/me/proxies/${standsIn.id}/end`, { reason: '返岗' })).status).toBe(200);
    expect(await claim()).toMatchObject({ status: 403, body: { code: 'not-your-office' } });
  });

  it('does not stand in for the one open request of a student: ten posts with ten keys file one', async () => {
    const body = filing();
    const answers = await Promise.all(Array.from({ length: 10 }, () => filer.post('/change-requests', body)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(9).fill(409)]);
    expect(answers.filter(({ status }) => status === 409).every((answer) => answer.body.code === 'change-already-open')).toBe(true);
    expect(await requestsOf(body.studentId)).toBe(1);
  });
});
