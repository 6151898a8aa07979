import { randomUUID } from 'node:crypto';
import { as, ApiClient, DEMO_PASSWORD, refused, signIn } from '../fixtures/client.js';
import { acrossCounties, Demonstration, type DemoOrganisation } from '../fixtures/demonstration.js';
import { asOwner } from '../fixtures/owner.js';
import { startSystem, type System } from '../fixtures/system.js';

describe('an account', () => {
  let system: System;
  let demo: Demonstration;
  let school: DemoOrganisation;
  let elsewhere: DemoOrganisation;
  let admin: ApiClient;
  let stranger: ApiClient;
  beforeAll(async () => {
    system = await startSystem({ engine: 'none' });
    demo = await Demonstration.of(system);
    [school, elsewhere] = acrossCounties(demo);
    admin = await as(system, demo.holder(school.parentId ?? '', 'orgAdmin'));
    stranger = await as(system, demo.holder(elsewhere.parentId ?? '', 'orgAdmin'));
  });
  afterAll(() => system?.stop());

  const reason = '调离';
  const username = () => `p.${randomUUID().slice(0, 8)}`;
  const enter = async (name = username()) =>
    (await admin.post(`/organisations/${school.id}/people`, { username: name, displayName: '沈怡' })).body;
  const idOf = async (name: string) =>
    (await asOwner<{ id: string }[]>(system, 'select id from person where username = $1', [name]))[0]?.id ?? '';
  const session = (name: string, password = DEMO_PASSWORD) =>
    new ApiClient(system.url).send('POST', '/sessions', { username: name, password });
  const actsOf = async (id: string) =>
    (await asOwner<{ kind: string }[]>(system, `select kind from act where stream = 'access' and stream_id = $1 order by seq`, [id])).map(
      ({ kind }) => kind,
    );

  it('repeats its one-time password to who repeats the request, and keeps it nowhere', async () => {
    const key = randomUUID();
    const body = { username: username(), displayName: '沈怡' };
    const first = await admin.post(`/organisations/${school.id}/people`, body, key);
    expect(first.body.oneTimePassword).toMatch(/^(\S{4}-){4}\S{4}$/);
    expect(await admin.post(`/organisations/${school.id}/people`, body, key)).toEqual(first);
    const kept = await asOwner<{ answer: object }[]>(system, 'select answer from idempotency where key = $1', [key]);
    expect(JSON.stringify(kept)).not.toMatch(new RegExp(`${first.body.oneTimePassword}|沈怡|${body.username}`));
    expect(await admin.post(`/organisations/${school.id}/people`, body)).toMatchObject(refused(409, 'username-taken'));
  });

  it('is looked after by administrators of its organisation and above, by nobody beside, and never by its owner', async () => {
    const { id } = await enter();
    for (const path of [`/people/${id}/disabling`, `/people/${id}/enabling`, `/people/${id}/password-reset`]) {
      const hidden = await stranger.post(path, { reason });
      expect(hidden).toMatchObject(refused(404, 'not-found'));
      const clerk = await as(system, demo.holder(school.id, 'schoolClerk'));
      expect(await clerk.post(path, { reason })).toMatchObject(refused(403, 'not-your-office'));
    }
    const own = await idOf(demo.holder(school.parentId ?? '', 'orgAdmin'));
    expect(await admin.post(`/people/${own}/password-reset`, { reason })).toMatchObject(refused(403, 'own-account'));
    const superior = await as(system, demo.holder(demo.at(school, 'province') ?? '', 'orgAdmin'));
    expect(await superior.post(`/people/${id}/disabling`, { reason })).toMatchObject({ status: 200 });
    expect((await stranger.get(`/organisations/${school.id}/people`)).status).toBe(404);
    expect((await admin.get(`/organisations/${school.id}/people?limit=2`)).body).toMatchObject({
      items: [{ organisationId: school.id }, { organisationId: school.id }],
      nextCursor: expect.any(String),
    });
  });

  it('of somebody with an office elsewhere is not for the administrator of one of the two', async () => {
    const { id, username: name } = await enter();
    const granted = await stranger.post(`/organisations/${elsewhere.id}/offices`, { username: name, office: 'schoolReviewer' });
    expect(granted.status).toBe(201);
    expect(await admin.post(`/people/${id}/password-reset`, { reason })).toMatchObject(refused(404, 'not-found'));
    await stranger.post(`/organisations/${elsewhere.id}/offices/${granted.body.id}/end`, { reason });
    expect((await admin.post(`/people/${id}/password-reset`, { reason })).status).toBe(200);
  });

  it('that is disabled loses its sessions for good, and signs in again once it is enabled', async () => {
    const name = demo.holder(school.id, 'schoolReviewer');
    const id = await idOf(name);
    const client = await signIn(system.url, name);
    expect((await admin.post(`/people/${id}/disabling`, { reason })).body.disabledAt).not.toBeNull();
    expect((await client.get('/me')).status).toBe(401);
    expect((await session(name)).status).toBe(401);
    expect(await admin.post(`/people/${id}/disabling`, { reason })).toMatchObject(refused(409, 'already-disabled'));
    expect((await admin.post(`/people/${id}/enabling`, { reason })).body.disabledAt).toBeNull();
    expect(await admin.post(`/people/${id}/enabling`, { reason })).toMatchObject(refused(409, 'not-disabled'));
    expect((await client.get('/me')).status).toBe(401);
    expect((await session(name)).status).toBe(201);
    expect(await actsOf(id)).toEqual(['disabled', 'enabled']);
  });

  it('gets a password of its own, which ends its other sessions and the old password', async () => {
    const name = demo.holder(elsewhere.id, 'schoolReviewer');
    const [client, other] = [await signIn(system.url, name), await signIn(system.url, name)];
    const change = (currentPassword: string, newPassword: string) => client.send('PUT', '/me/password', { currentPassword, newPassword });
    expect(await change('wrong', '桂花今年开了两次 2026')).toMatchObject(refused(422, 'wrong-password'));
    expect(await change(DEMO_PASSWORD, 'short')).toMatchObject(refused(422, 'invalid-input'));
    expect((await change(DEMO_PASSWORD, '桂花今年开了两次 2026')).status).toBe(204);
    expect((await client.get('/me')).status).toBe(200);
    expect((await other.get('/me')).status).toBe(401);
    expect((await session(name)).status).toBe(401);
    expect((await session(name, '桂花今年开了两次 2026')).status).toBe(201);
    expect(await actsOf(await idOf(name))).toEqual(['passwordChanged']);
  });

  it('whose password was reset opens by the one-time password for a week, and only to set another', async () => {
    const { id, username: name } = await enter();
    const { oneTimePassword } = (await admin.post(`/people/${id}/password-reset`, { reason })).body;
    const opened = await session(name, oneTimePassword);
    expect(opened).toMatchObject({ status: 201, body: { passwordChangeRequired: true } });
    const client = new ApiClient(system.url, opened.body.token);
    expect((await client.get('/me')).status).toBe(200);
    expect(await client.get('/tasks')).toMatchObject(refused(403, 'password-change-required'));
    await asOwner(system, `update person set password_once_until = now() - interval '1 minute' where id = $1`, [id]);
    expect((await session(name, oneTimePassword)).status).toBe(401);
  });

  it('holds at most twenty sessions: one more ends the oldest', async () => {
    const name = demo.holder(elsewhere.id, 'schoolClerk');
    const clients: ApiClient[] = [];
    for (let n = 0; n < 21; n += 1) clients.push(await signIn(system.url, name));
    expect((await clients[0]!.get('/me')).status).toBe(401);
    expect((await clients[1]!.get('/me')).status).toBe(200);
    expect((await clients[20]!.get('/me')).status).toBe(200);
  });

  describe('with an office', () => {
    const grant = (name: string, more: object = {}) =>
      admin.post(`/organisations/${school.id}/offices`, { username: name, office: 'schoolReviewer', ...more });
    const began = Date.now();
    const inDays = (days: number) => new Date(began + days * 86_400_000).toISOString();

    it('holds it from a time that has not passed, until an instant or further notice, and never twice at once', async () => {
      const { username: name } = await enter();
      expect(await grant(name, { from: inDays(-1) })).toMatchObject({ status: 422, body: { errors: [{ pointer: '/from' }] } });
      expect(await grant(name, { from: inDays(2), until: inDays(1) })).toMatchObject({
        status: 422,
        body: { errors: [{ pointer: '/until' }] },
      });
      expect((await grant(name, { from: inDays(1), until: inDays(2) })).status).toBe(201);
      expect(await grant(name, { until: inDays(1.5) })).toMatchObject(refused(409, 'office-overlap'));
      expect(await grant(name)).toMatchObject(refused(409, 'office-overlap'));
      expect((await grant(name, { until: inDays(1) })).status).toBe(201);
      expect((await grant(name, { from: inDays(2) })).status).toBe(201);
    });

    it('that was granted for later can be ended before it begins, and granted anew', async () => {
      const { username: name } = await enter();
      const { body: office } = await grant(name, { from: inDays(5) });
      const end = () => admin.post(`/organisations/${school.id}/offices/${office.id}/end`, { reason });
      expect((await end()).body).toMatchObject({ heldFrom: office.heldFrom, heldUntil: office.heldFrom });
      expect(await end()).toMatchObject(refused(404, 'not-found'));
      expect((await grant(name)).status).toBe(201);
    });

    it('loses it when its time is over', async () => {
      const { username: name, oneTimePassword } = await enter();
      await grant(name, { until: inDays(0.001) });
      const client = new ApiClient(system.url, (await session(name, oneTimePassword)).body.token);
      expect((await client.get('/me')).body.offices).toHaveLength(1);
      await system.time.pass(100_000);
      expect((await client.get('/me')).body.offices).toEqual([]);
    });
  });
});
