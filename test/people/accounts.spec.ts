import { randomUUID } from 'node:crypto';
import { appointed } from '../fixtures/appointed.js';
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

  const OWN = '三墩镇的桂花开了两次 2026';
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

  it('has a one-time password that is shown once: a repetition tells so, and it is kept nowhere', async () => {
    const key = randomUUID();
    const body = { username: username(), displayName: '沈怡' };
    const first = await admin.post(`/organisations/${school.id}/people`, body, key);
    expect(first.body).toMatchObject({ oneTimePassword: expect.stringMatching(/^(\S{4}-){4}\S{4}$/), shownBefore: false });
    const again = await admin.post(`/organisations/${school.id}/people`, body, key);
    expect(again).toEqual({ ...first, body: { ...first.body, oneTimePassword: null, shownBefore: true } });
    const kept = await asOwner<{ answer: object }[]>(system, 'select answer from idempotency where key = $1', [key]);
    expect(JSON.stringify(kept)).not.toMatch(new RegExp(`${first.body.oneTimePassword}|沈怡|${body.username}`));
    expect(await admin.post(`/organisations/${school.id}/people`, body)).toMatchObject(refused(409, 'username-taken'));
    const reset = async () =>
      (await admin.post(`/people/${first.body.id}/password-reset`, { reason }, `${key} reset`.replace(' ', '-'))).body;
    expect([(await reset()).oneTimePassword === null, (await reset()).oneTimePassword]).toEqual([false, null]);
    expect(await admin.post(`/organisations/${school.id}/people`, { ...body, username: username(), subject: 'x' })).toMatchObject(
      refused(409, 'no-issuer'),
    );
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
    const office = await appointed(system, demo, elsewhere.id, { username: name, office: 'schoolReviewer' });
    expect(await admin.post(`/people/${id}/password-reset`, { reason })).toMatchObject(refused(404, 'not-found'));
    await stranger.post(`/organisations/${elsewhere.id}/offices/${office}/end`, { reason });
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
    expect(await actsOf(id)).toEqual(['entered', 'disabled', 'enabled']);
  });

  it('gets a password of its own, which ends its other sessions and the old password', async () => {
    const name = demo.holder(elsewhere.id, 'schoolReviewer');
    const [client, other] = [await signIn(system.url, name), await signIn(system.url, name)];
    const change = (currentPassword: string, newPassword: string) => client.send('PUT', '/me/password', { currentPassword, newPassword });
    expect(await change('wrong', '桂花今年开了两次 2026')).toMatchObject(refused(422, 'wrong-password'));
    expect(await change(DEMO_PASSWORD, 'short')).toMatchObject(refused(422, 'invalid-input'));
    for (const weak of ['a'.repeat(12), ' '.repeat(12), 'Password!2026!', `${name} ${name}`, elsewhere.name])
      expect(await change(DEMO_PASSWORD, weak)).toMatchObject({ status: 422, body: { errors: [{ pointer: '/newPassword' }] } });
    expect((await change(DEMO_PASSWORD, '桂花今年开了两次 2026')).status).toBe(204);
    expect((await client.get('/me')).status).toBe(200);
    expect((await other.get('/me')).status).toBe(401);
    expect((await session(name)).status).toBe(401);
    expect((await session(name, '桂花今年开了两次 2026')).status).toBe(201);
    expect(await actsOf(await idOf(name))).toEqual(['entered', 'passwordChanged']);
  });

  it('whose password was reset opens by the one-time password for a week, and only to set another', async () => {
    const { id, username: name } = await enter();
    const { oneTimePassword } = (await admin.post(`/people/${id}/password-reset`, { reason })).body;
    const opened = await session(name, oneTimePassword);
    expect(opened).toMatchObject({ status: 201, body: { passwordChangeRequired: true } });
    const client = new ApiClient(system.url, opened.body.token);
    expect((await client.get('/me')).status).toBe(200);
    expect(await client.get('/tasks')).toMatchObject(refused(403, 'password-change-required'));
    const change = (currentPassword: string, newPassword: string) => client.send('PUT', '/me/password', { currentPassword, newPassword });
    expect(await change(oneTimePassword, oneTimePassword.toUpperCase())).toMatchObject(refused(422, 'invalid-input'));
    expect((await change(oneTimePassword, OWN)).status).toBe(204);
    expect(await change(OWN, oneTimePassword)).toMatchObject(refused(422, 'invalid-input')); // the issued one, later
    await asOwner(system, 'update person set password_hash = issued_hash, password_once_until = now() + $2 where id = $1', [id, '1 day']);
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
    const grant = (name: string, more: object = {}, office = 'schoolReviewer') =>
      admin.post(`/organisations/${school.id}/offices`, { username: name, office, ...more });
    const confirm = async (id: string, by?: ApiClient) => (by ?? (await city())).post(`/office-grants/${id}/confirmation`);
    const city = () => as(system, demo.holder(demo.at(school, 'city') ?? '', 'orgAdmin'));
    const began = Date.now();
    const inDays = (days: number) => new Date(began + days * 86_400_000).toISOString();
    /** Somebody new with an own password, who administers the school beside its county. */
    const administrator = async () => {
      const { username: name, oneTimePassword } = await enter();
      await appointed(system, demo, school.id, { username: name, office: 'orgAdmin' });
      const client = await signIn(system.url, name, oneTimePassword);
      expect((await client.send('PUT', '/me/password', { currentPassword: oneTimePassword, newPassword: OWN })).status).toBe(204);
      return { name, client };
    };

    it('holds it from a time that has not passed, until an instant or further notice, and never twice at once', async () => {
      const { username: name } = await enter();
      expect(await grant(name, { from: inDays(-1) })).toMatchObject({ status: 422, body: { errors: [{ pointer: '/from' }] } });
      expect(await grant(name, { from: inDays(2), until: inDays(1) })).toMatchObject({
        status: 422,
        body: { errors: [{ pointer: '/until' }] },
      });
      const first = await grant(name, { from: inDays(1), until: inDays(2) });
      expect(await grant(name, { until: inDays(1.5) })).toMatchObject(refused(409, 'office-overlap')); // with what is pending, too
      expect((await confirm(first.body.id)).status).toBe(200);
      expect(await grant(name, { until: inDays(1.5) })).toMatchObject(refused(409, 'office-overlap'));
      expect(await grant(name)).toMatchObject(refused(409, 'office-overlap'));
      for (const more of [{ until: inDays(1) }, { from: inDays(2) }]) {
        const { body } = await grant(name, more);
        expect((await confirm(body.id)).status).toBe(200);
      }
    });

    it('that was granted for later can be ended before it begins, and granted anew', async () => {
      const { username: name } = await enter();
      const { body: office } = await grant(name, { from: inDays(5) }, 'schoolClerk');
      const end = () => admin.post(`/organisations/${school.id}/offices/${office.id}/end`, { reason });
      expect((await end()).body).toMatchObject({ heldFrom: office.heldFrom, heldUntil: office.heldFrom });
      expect(await end()).toMatchObject(refused(404, 'not-found'));
      expect((await grant(name, {}, 'schoolClerk')).status).toBe(201);
    });

    it('gives no office to himself, in no organisation and none of them', async () => {
      const { name, client } = await administrator();
      for (const office of ['schoolClerk', 'schoolReviewer', 'orgAdmin'])
        expect(await client.post(`/organisations/${school.id}/offices`, { username: name, office })).toMatchObject(
          refused(403, 'own-office'),
        );
      const own = demo.holder(school.parentId ?? '', 'orgAdmin');
      for (const at of [school.id, school.parentId ?? ''])
        expect(await admin.post(`/organisations/${at}/offices`, { username: own, office: 'orgAdmin' })).toMatchObject(
          refused(403, 'own-office'),
        );
    });

    it('reviews, supervises or administers only once a second administrator has confirmed it; a clerk begins at once', async () => {
      const { username: name, oneTimePassword } = await enter();
      const client = new ApiClient(system.url, (await session(name, oneTimePassword)).body.token);
      const offices = async () => (await client.get('/me')).body.offices.map(({ office }: { office: string }) => office);
      expect((await grant(name, {}, 'schoolClerk')).body.pendingUntil).toBeNull();
      expect(await offices()).toEqual(['schoolClerk']);
      const { body: proposed } = await grant(name);
      expect(Date.parse(proposed.pendingUntil) - system.time.now()).toBeGreaterThan(13 * 86_400_000);
      expect(await offices()).toEqual(['schoolClerk']);
      const { body: held } = await admin.get(`/organisations/${school.id}/offices`);
      expect(held.map(({ id }: { id: string }) => id)).not.toContain(proposed.id);
      const seenBy = async (by: ApiClient) =>
        (await by.get('/office-grants?state=pending&limit=200')).body.items.filter(({ id }: { id: string }) => id === proposed.id);
      for (const by of [admin, await city()])
        expect(await seenBy(by)).toMatchObject([
          { organisation: { id: school.id }, username: name, office: 'schoolReviewer', settledBy: null },
        ]);
      expect(await seenBy(stranger)).toEqual([]);
      expect(await confirm(proposed.id, stranger)).toMatchObject(refused(404, 'not-found'));
      expect(await confirm(proposed.id, admin)).toMatchObject(refused(403, 'second-administrator-required'));
      expect((await confirm(proposed.id)).body).toMatchObject({ state: 'confirmed', settledAt: expect.any(String) });
      expect(await confirm(proposed.id)).toMatchObject(refused(409, 'grant-settled'));
      expect(await offices()).toEqual(['schoolClerk', 'schoolReviewer']);
      const acts = await asOwner<{ kind: string }[]>(
        system,
        `select kind from act where stream_id = $1 and body ->> 'officeId' = $2 order by seq`,
        [school.id, proposed.id],
      );
      expect(acts.map(({ kind }) => kind)).toEqual(['grantProposed', 'granted']);
    });

    it('may be refused by the second administrator, withdrawn by the first, and lapses after two weeks or at its own end', async () => {
      const { username: name } = await enter();
      const refuse = async (by: ApiClient, id: string) => (await by.post(`/office-grants/${id}/refusal`, { reason })).body.state;
      for (const by of [await city(), admin]) {
        const { body } = await grant(name);
        expect(await refuse(by, body.id)).toBe('refused');
        expect(await confirm(body.id)).toMatchObject(refused(409, 'grant-settled'));
      }
      const [short, long] = [await grant(name, { until: inDays(0.01) }), await grant(name, { from: inDays(0.02) })];
      const gone = async ({ body }: typeof short, days: number) => {
        await asOwner(system, `update office_grant set lapses_at = lapses_at - interval '1 day' * $2 where id = $1`, [body.id, days]);
        expect(await confirm(body.id)).toMatchObject(refused(409, 'grant-lapsed'));
        const { body: listed } = await admin.get('/office-grants?state=lapsed&limit=200');
        expect(listed.items.map(({ id }: { id: string }) => id)).toContain(body.id);
      };
      expect(Date.parse(short.body.pendingUntil)).toBe(Date.parse(short.body.heldUntil));
      await gone(short, 1);
      await gone(long, 14);
    });

    it('is not confirmed by whoever the proposer could sign in as, nor by the person who is to hold it', async () => {
      const { name, client } = await administrator(); // entered by the county's administrator
      const { username: other } = await enter();
      const byCounty = (await grant(other)).body.id;
      expect(await confirm(byCounty, client)).toMatchObject(refused(403, 'second-administrator-required'));
      expect((await confirm(byCounty)).status).toBe(200);
      const { username: third } = await enter();
      const bySchool = await client.post(`/organisations/${school.id}/offices`, { username: third, office: 'schoolReviewer' });
      expect((await admin.post(`/people/${await idOf(name)}/password-reset`, { reason })).status).toBe(200);
      expect(await confirm(bySchool.body.id, admin)).toMatchObject(refused(403, 'second-administrator-required'));
      const own = await grant(name, { from: inDays(3) });
      const again = await signIn(system.url, name, await fresh(name));
      expect(await confirm(own.body.id, again)).toMatchObject(refused(403, 'second-administrator-required'));
    });

    /** The city gives the person a new password, which the person changes. */
    async function fresh(name: string): Promise<string> {
      const { oneTimePassword } = (await (await city()).post(`/people/${await idOf(name)}/password-reset`, { reason })).body;
      const client = await signIn(system.url, name, oneTimePassword);
      await client.send('PUT', '/me/password', { currentPassword: oneTimePassword, newPassword: OWN });
      return OWN;
    }

    it('of a school with one administrator is confirmed by its authority, and falls when the proposer administers no more', async () => {
      const { name, client } = await administrator();
      const propose = async () =>
        (await client.post(`/organisations/${school.id}/offices`, { username: (await enter()).username, office: 'schoolReviewer' })).body
          .id;
      const [first, second] = [await propose(), await propose()];
      expect((await confirm(first, admin)).status).toBe(200);
      expect((await admin.post(`/people/${await idOf(name)}/disabling`, { reason })).status).toBe(200);
      expect(await confirm(second, admin)).toMatchObject(refused(409, 'grant-lapsed'));
    });

    it('loses it when its time is over', async () => {
      const { username: name, oneTimePassword } = await enter();
      await grant(name, { until: inDays(0.001) }, 'schoolClerk');
      const client = new ApiClient(system.url, (await session(name, oneTimePassword)).body.token);
      expect((await client.get('/me')).body.offices).toHaveLength(1);
      await system.time.pass(100_000);
      expect((await client.get('/me')).body.offices).toEqual([]);
    });
  });
});
