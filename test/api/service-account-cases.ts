import { randomUUID } from 'node:crypto';
import { appointed } from '../fixtures/appointed.js';
import { audited } from '../fixtures/audit.js';
import { ByHand } from '../fixtures/by-hand.js';
import { ApiClient, as, refused } from '../fixtures/client.js';
import { UNTIL } from '../fixtures/dates.js';
import type { Demonstration, DemoOrganisation } from '../fixtures/demonstration.js';
import type { IdentityProvider } from '../fixtures/identity-provider.js';
import { asOwner } from '../fixtures/owner.js';
import type { System } from '../fixtures/system.js';

interface Stage {
  readonly system: System;
  readonly demo: Demonstration;
  readonly school: DemoOrganisation;
  readonly provider: IdentityProvider;
  readonly audience: string;
}

const WHOLE = ['reading', 'evidence', 'filing', 'rosters', 'imports', 'exports', 'decisions'];

/** Cases of a specification that runs a system with an issuer anyway. */
export function serviceAccountCases(of: () => Stage): void {
  const adminName = () => of().demo.holder(of().school.parentId ?? '', 'orgAdmin');
  const admin = () => as(of().system, adminName());
  const issued = async (more: object = {}) =>
    (await admin()).post('/service-accounts', {
      organisationId: of().school.id,
      name: '校务平台',
      purpose: '同步学籍异动',
      offices: ['schoolClerk'],
      areas: ['reading', 'evidence', 'filing'],
      ...more,
    });
  const program = (key: unknown) => new ApiClient(of().system.url, key as string);
  const filing = async (by: ApiClient) => ({
    kind: 'suspension',
    studentId: of().demo.student(of().school.id),
    details: { ground: 'illness', until: UNTIL },
    evidenceIds: [await by.evidence()],
    reason: '因病休养',
  });

  it('shows its key once, keeps a digest, and files in the name of its organisation; the act says who issued it', async () => {
    const key = randomUUID();
    const body = { organisationId: of().school.id, name: '校务平台', purpose: '同步', offices: ['schoolClerk'], areas: WHOLE };
    const first = await (await admin()).post('/service-accounts', body, key);
    expect(first).toMatchObject({ status: 201, body: { key: expect.stringMatching(/^xjk_[a-z2-9]{8}_[\w-]{43}$/), shownBefore: false } });
    const again = await (await admin()).post('/service-accounts', body, key);
    expect(again).toEqual({ ...first, body: { ...first.body, key: null, shownBefore: true } });
    const { id, key: secret, keyPrefix } = first.body as Record<string, string>;
    expect(secret?.startsWith(keyPrefix as string)).toBe(true);
    const kept = await asOwner(
      of().system,
      'select a::text, s::text from act a, service_account s where a.stream_id = $1 and s.person_id = $1',
      [id],
    );
    expect(JSON.stringify(kept)).not.toContain(secret?.slice(13));

    const client = program(secret);
    expect((await client.get('/me')).body).toMatchObject({
      displayName: '校务平台',
      offices: [{ office: 'schoolClerk', organisation: { id: of().school.id } }],
      serviceAccount: { areas: WHOLE, kinds: null },
    });
    const filed = await client.post('/change-requests', await filing(client));
    expect(filed.status).toBe(201);
    const shown = await client.get(`/change-requests/${filed.body.id}`);
    const me = (await (await admin()).get('/me')).body;
    expect(shown.body.timeline[0]).toMatchObject({
      kind: 'filed',
      by: { personId: id, displayName: '校务平台', organisation: { id: of().school.id } },
      accountIssuedBy: { id: me.id },
    });
    expect((await (await admin()).get(`/service-accounts/${id}`)).body.lastUsedAt).toEqual(expect.any(String));
  });

  it('is not decided by who issued the account that filed it', async () => {
    const { system, demo, school } = of();
    const client = program((await issued()).body.key);
    const { body } = await client.post('/change-requests', await filing(client));
    await appointed(system, demo, school.parentId ?? '', { username: adminName(), office: 'authorityReviewer' });
    const decide = async (by: ApiClient) => {
      await new ByHand(system).settle(body.id as string);
      const [task] = (await client.get(`/change-requests/${body.id}`)).body.currentTasks;
      return by.post(`/tasks/${task.id}/decision`, { verdict: 'approve', opinion: '同意', version: task.version });
    };
    expect((await decide(await as(system, demo.holder(school.id, 'schoolReviewer')))).status).toBe(200);
    expect(await decide(await admin())).toMatchObject(refused(403, 'separation-of-duties'));
    expect((await decide(await as(system, demo.holder(school.parentId ?? '', 'authorityReviewer')))).status).toBe(200);
  });

  it('touches only its areas and kinds, and nothing that wants a person', async () => {
    const client = program((await issued({ areas: ['reading', 'filing', 'evidence'], kinds: ['transfer'] })).body.key);
    const student = of().demo.student(of().school.id);
    const outside = refused(403, 'outside-service-account');
    const forPersons = refused(403, 'not-for-service-accounts');
    expect(await client.post('/change-requests', await filing(client))).toMatchObject(outside);
    expect(await client.post('/intakes', {})).toMatchObject(outside);
    expect(await client.post('/exports', {})).toMatchObject(outside);
    expect(await client.post(`/tasks/${randomUUID()}/decision`, {})).toMatchObject(outside);
    for (const path of [`/students/${student}/unmaskings`, '/certificates/issuances', '/service-accounts', '/me/proxies'])
      expect(await client.post(path, {})).toMatchObject(forPersons);
    expect(await client.send('PUT', '/me/password', {})).toMatchObject(forPersons);
    expect((await client.get('/students?limit=1')).status).toBe(200);
    const blind = program((await issued({ areas: ['filing'] })).body.key);
    expect(await blind.get('/students')).toMatchObject(outside);
    expect((await blind.get('/me')).status).toBe(200);
  });

  it('decides only where its administrators said so, in an office that a second one confirmed, and never what it filed', async () => {
    const { system, demo, school } = of();
    const { body } = await issued({ offices: ['schoolClerk', 'schoolReviewer'], areas: WHOLE });
    expect(body.offices).toEqual([
      { office: 'schoolClerk', pending: false },
      { office: 'schoolReviewer', pending: true },
    ]);
    const client = program(body.key);
    const clerk = await as(system, demo.holder(school.id, 'schoolClerk'));
    const own = (await client.post('/change-requests', await filing(client))).body;
    const other = (await clerk.post('/change-requests', await filing(clerk))).body;
    for (const { id } of [own, other]) await new ByHand(system).settle(id as string);
    const decide = async (id: unknown) => {
      const [task] = (await client.get(`/change-requests/${id}`)).body.currentTasks;
      return client.post(`/tasks/${task.id}/decision`, { verdict: 'approve', opinion: '同意', version: task.version });
    };
    expect((await decide(other.id)).status).toBe(403);
    const city = await as(system, demo.holder(demo.superiors(school)[1]?.id ?? '', 'orgAdmin'));
    const waiting = (await city.get('/office-grants?state=pending&limit=200')).body.items as { id: string; person: { id: string } }[];
    const grant = waiting.find(({ person }) => person.id === body.id);
    expect((await city.post(`/office-grants/${grant?.id}/confirmation`)).status).toBe(200);
    expect(await decide(own.id)).toMatchObject(refused(403, 'separation-of-duties'));
    expect((await decide(other.id)).status).toBe(200);
    const mute = program((await issued({ areas: ['reading'] })).body.key);
    const { body: tasks } = await (await as(system, demo.holder(school.id, 'schoolReviewer'))).get('/tasks?limit=1');
    if (tasks.items[0]) {
      const { body: people } = await (
        await as(system, demo.holder(school.id, 'schoolReviewer'))
      ).get(`/tasks/${tasks.items[0].id}/candidates`);
      expect(JSON.stringify(people)).not.toContain(body.id);
    }
    expect((await mute.get('/tasks')).status).toBe(200);
  });

  it('ends at once when it is revoked or its key renewed, and when its time is over', async () => {
    const { body } = await issued({ expiresAt: new Date(of().system.time.now() + 3_600_000).toISOString() });
    const keeper = await admin();
    const renewed = await keeper.post(`/service-accounts/${body.id}/key`, { reason: '密钥可能泄露' });
    const unauthenticated = refused(401, 'unauthenticated');
    expect(await program(body.key).get('/me')).toMatchObject(unauthenticated);
    expect((await program(renewed.body.key).get('/me')).status).toBe(200);
    const forged = `${(renewed.body.key as string).slice(0, -1)}${(renewed.body.key as string).endsWith('A') ? 'B' : 'A'}`;
    expect(await program(forged).get('/me')).toMatchObject(unauthenticated);
    const other = await issued();
    const revoked = await keeper.post(`/service-accounts/${other.body.id}/revocation`, { reason: '合同到期' });
    expect(revoked.body).toMatchObject({ state: 'revoked', offices: [] });
    expect(await program(other.body.key).get('/me')).toMatchObject(unauthenticated);
    expect(await keeper.post(`/service-accounts/${other.body.id}/key`, { reason: '重签' })).toMatchObject(
      refused(409, 'service-account-ended'),
    );
    await of().system.time.pass(3_700_000);
    expect(await program(renewed.body.key).get('/me')).toMatchObject(unauthenticated);
    const states = (await (await admin()).get('/service-accounts?limit=200')).body.items as { id: string; state: string }[];
    expect([body.id, other.body.id].map((id) => states.find((one) => one.id === id)?.state)).toEqual(['expired', 'revoked']);
  });

  it('opens by client credentials whose subject an administrator bound, in place of its key', async () => {
    const { provider, audience } = of();
    const { body } = await issued();
    const bound = await (
      await admin()
    ).post(`/service-accounts/${body.id}/subject`, { subject: 'platform-of-a-school', reason: '统一认证' });
    expect(bound).toMatchObject({ status: 200, body: { keyPrefix: null } });
    expect(await program(body.key).get('/me')).toMatchObject(refused(401, 'unauthenticated'));
    const token = await provider.signed({
      iss: provider.issuer,
      aud: audience,
      sub: 'platform-of-a-school',
      client_id: 'platform-of-a-school',
      exp: Math.floor(of().system.time.now() / 1000) + 600,
    });
    expect((await program(token).get('/me')).body).toMatchObject({ displayName: '校务平台', serviceAccount: { kinds: null } });
    await (await admin()).post(`/service-accounts/${body.id}/revocation`, { reason: '合同到期' });
    expect(await program(token).get('/me')).toMatchObject(refused(401, 'unauthenticated'));
  });

  it('has a limit of its own over all processes, and no more than its issuer may grant', async () => {
    const { body } = await issued({ perMinute: 2 });
    const client = program(body.key);
    const answers = [];
    for (let n = 0; n < 3; n += 1) answers.push((await client.get('/me')).status);
    expect(answers).toEqual([200, 200, 429]);
    const pointer = async (more: object) => (await issued(more)).body.errors?.[0]?.pointer as string;
    expect(await pointer({ offices: ['authorityReviewer'] })).toBe('/offices/0');
    expect(await pointer({ offices: ['orgAdmin'] })).toBe('/offices');
    expect(await pointer({ expiresAt: '2199-01-01T00:00:00+08:00' })).toBe('/expiresAt');
    const { demo, school, system } = of();
    const stranger = demo.schools().find(({ id, parentId }) => id !== school.id && parentId !== school.parentId) as DemoOrganisation;
    expect(await issued({ organisationId: stranger.id })).toMatchObject(refused(404, 'not-found'));
    const elsewhere = await as(system, demo.holder(stranger.parentId ?? '', 'orgAdmin'));
    expect(await elsewhere.post(`/service-accounts/${body.id}/revocation`, { reason: '无关' })).toMatchObject(refused(404, 'not-found'));
    const office = { username: `service:${body.id}`, office: 'orgAdmin' };
    expect((await (await admin()).post(`/organisations/${school.id}/offices`, office)).status).toBe(422);
    expect(
      (await audited(system)).problems.filter((problem) => problem.includes('service_account') || problem.includes(body.id as string)),
    ).toEqual([]);
  });
}
