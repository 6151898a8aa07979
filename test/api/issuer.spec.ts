import { ApiClient, as } from '../fixtures/client.js';
import { Demonstration } from '../fixtures/demonstration.js';
import { IdentityProvider, NAMELESS } from '../fixtures/identity-provider.js';
import { asOwner } from '../fixtures/owner.js';
import { startSystem, type System } from '../fixtures/system.js';

const AUDIENCE = 'https://xueji.example.cn/api';
const STRANGER = 'nobody.here';

describe('tokens of a configured OpenID Connect issuer', () => {
  let system: System;
  let provider: IdentityProvider;
  let clerk: string;
  let demo: Demonstration;
  beforeAll(async () => {
    const plain = await startSystem({ engine: 'none', worker: false });
    demo = await Demonstration.of(plain);
    clerk = demo.holder((demo.schools()[0] as { id: string }).id, 'schoolClerk');
    await plain.stop();
    provider = await IdentityProvider.start([clerk, STRANGER, NAMELESS]);
    const settings = { OIDC_ISSUER: provider.issuer, OIDC_AUDIENCE: AUDIENCE };
    system = await startSystem({ engine: 'none', worker: false, settings });
  });
  afterAll(async () => {
    await system?.stop();
    await provider?.stop();
  });

  const asked = (token: string) => new ApiClient(system.url, token);
  const me = (token: string) => asked(token).get<{ displayName: string; offices: { office: string }[]; code?: string }>('/me');
  const refused = async (token: string) => {
    const { status, body } = await me(token);
    return [status, body.code];
  };
  const whole = (iss: string) => ({
    iss,
    aud: AUDIENCE,
    sub: clerk,
    preferred_username: clerk,
    exp: Math.floor(system.time.now() / 1000) + 600,
  });
  const UNAUTHENTICATED = [401, 'unauthenticated'];

  it('work as those of a local account do: the same person, the same offices, the same moves', async () => {
    const token = await provider.token(clerk, AUDIENCE);
    const own = await me(token);
    expect(own).toMatchObject({ status: 200, body: { offices: [{ office: 'schoolClerk' }] } });
    const session = await new ApiClient(system.url).send<{ token: string }>('POST', '/sessions', {
      username: clerk,
      password: 'xueji-demo',
    });
    expect((await me(session.body.token)).body).toEqual(own.body);
    expect((await asked(token).get('/tasks')).status).toBe(200);
  });

  it('end at once when their holder logs out, and nobody else is logged out', async () => {
    const [one, other] = [await provider.token(clerk, AUDIENCE), await provider.token(clerk, AUDIENCE)];
    expect((await asked(one).send('DELETE', '/sessions/current')).status).toBe(204);
    expect(await refused(one)).toEqual(UNAUTHENTICATED);
    expect((await me(other)).status).toBe(200);
  });

  it('let nobody in who is not known here or is disabled, nor a token that names no person', async () => {
    expect(await refused(await provider.token(STRANGER, AUDIENCE))).toEqual(UNAUTHENTICATED);
    expect(await refused(await provider.token(NAMELESS, AUDIENCE))).toEqual(UNAUTHENTICATED);
    const { exp: _exp, ...endless } = whole(provider.issuer);
    expect(await refused(await provider.signed(endless))).toEqual(UNAUTHENTICATED);
    expect((await me(await provider.signed(whole(provider.issuer)))).status).toBe(200);
    const token = await provider.token(clerk, AUDIENCE);
    await asOwner(system, 'update person set disabled_at = now() where username = $1', [clerk]);
    expect(await refused(token)).toEqual(UNAUTHENTICATED);
    await asOwner(system, 'update person set disabled_at = null where username = $1', [clerk]);
  });

  it('are refused for another audience, from another issuer, changed, unsigned, and after they expired', async () => {
    expect(await refused(await provider.token(clerk, 'https://elsewhere.example.cn'))).toEqual(UNAUTHENTICATED);
    const impostor = await IdentityProvider.start([clerk]);
    expect(await refused(await impostor.token(clerk, AUDIENCE))).toEqual(UNAUTHENTICATED);
    expect(await refused(await impostor.signed({ ...whole(provider.issuer), preferred_username: 'operator' }))).toEqual(UNAUTHENTICATED);
    await impostor.stop();
    const token = await provider.token(clerk, AUDIENCE);
    const [, body = '', signature = ''] = token.split('.');
    const header = (alg: string) => Buffer.from(JSON.stringify({ alg, typ: 'at+jwt' })).toString('base64url');
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as object;
    const forged = Buffer.from(JSON.stringify({ ...claims, preferred_username: 'operator' })).toString('base64url');
    expect(await refused(`${token.split('.')[0]}.${forged}.${signature}`)).toEqual(UNAUTHENTICATED);
    expect(await refused(`${header('none')}.${body}.${'A'.repeat(8)}`)).toEqual(UNAUTHENTICATED);
    expect(await refused(`${header('HS256')}.${body}.${signature}`)).toEqual(UNAUTHENTICATED);
    expect((await me(token)).status).toBe(200);
    await system.time.pass(700_000);
    expect(await refused(token)).toEqual(UNAUTHENTICATED);
  });

  /** Signed by the issuer itself: a subject there, and the user name that it has now. */
  const cameAs = (sub: string, username: string, more: object = {}) =>
    provider.signed({ ...whole(provider.issuer), sub, preferred_username: username, ...more });
  const nameOf = async (token: string) => (await me(token)).body.displayName;
  const other = () => demo.accounts.filter(({ office }) => office === 'schoolReviewer').map(({ username }) => username);

  it('are one person’s for good: the subject counts, whatever user name it has later at the issuer', async () => {
    const [one, two] = other() as [string, string];
    const name = await nameOf(await cameAs('subject-1', one));
    expect(name).toBeDefined();
    expect(await nameOf(await cameAs('subject-1', two))).toBe(name);
    expect(await nameOf(await cameAs('subject-1', 'operator'))).toBe(name);
    expect(await nameOf(await cameAs('subject-1', STRANGER))).toBe(name);
  });

  it('let no other subject in by a user name that was somebody’s, or that somebody took', async () => {
    const [one, two] = other() as [string, string];
    expect(await refused(await cameAs('subject-2', one))).toEqual(UNAUTHENTICATED);
    expect((await me(await cameAs('subject-2', two))).status).toBe(200);
    expect(await refused(await cameAs('subject-3', two))).toEqual(UNAUTHENTICATED);
    for (const sub of [undefined, '', 7]) {
      const { sub: _sub, ...nameless } = { ...whole(provider.issuer), preferred_username: two };
      const token = await provider.signed({ ...nameless, ...(sub === undefined ? {} : { sub: sub as string }) });
      expect(await refused(token)).toEqual(UNAUTHENTICATED);
    }
  });

  it('bind one of many subjects that come by one name at the same time, and the same subject once', async () => {
    const name = other()[2]!;
    const came = await Promise.all([4, 5, 6, 7].flatMap((n) => [cameAs(`subject-${n}`, name), cameAs(`subject-${n}`, name)]));
    const statuses = await Promise.all(came.map(async (token) => (await me(token)).status));
    expect(statuses.toSorted()).toEqual([200, 200, ...Array<number>(6).fill(401)]);
    const acts = await asOwner<{ n: number }[]>(
      system,
      `select count(*)::int as n from act a join person p on p.id = a.stream_id where p.username = $1 and a.stream = 'access'
        and a.kind = 'subjectBound'`,
      [name],
    );
    expect(acts).toEqual([{ n: 1 }]);
    const bound = await asOwner<object[]>(
      system,
      `select b.* from issuer_subject b join person p on p.id = b.person_id where p.username = $1`,
      [name],
    );
    expect(bound).toHaveLength(1);
    expect(JSON.stringify(bound)).not.toContain('subject-');
  });

  it('stay a disabled person’s while nobody else gets in by the name; once enabled, the next token in the name is taken', async () => {
    const name = other()[3]!;
    expect((await me(await cameAs('subject-8', name))).status).toBe(200);
    const { id, at } = await personOf(name);
    const administrator = await as(system, demo.holder(at, 'orgAdmin'));
    const asked = (what: string) => administrator.post(`/people/${id}/${what}`, { reason: '离岗' });
    expect(await asked('disabling')).toMatchObject({ status: 200 });
    for (const sub of ['subject-8', 'subject-9']) expect(await refused(await cameAs(sub, name))).toEqual(UNAUTHENTICATED);
    expect(await refused(await cameAs('subject-8', other()[4]!))).toEqual(UNAUTHENTICATED);
    expect(await asked('enabling')).toMatchObject({ status: 200 });
    expect((await me(await cameAs('subject-9', name))).status).toBe(200);
    expect(await refused(await cameAs('subject-8', name))).toEqual(UNAUTHENTICATED);
  });
  /** And the organisation whose administrator looks after the account. */
  async function personOf(username: string): Promise<{ id: string; at: string }> {
    const [row] = await asOwner<{ id: string }[]>(system, 'select id from person where username = $1', [username]);
    const account = demo.accounts.find((one) => one.username === username)!;
    return { id: row!.id, at: account.organisation.parentId ?? account.organisation.id };
  }

  it('are refused before their time, and taken when they are for several audiences, ours among them', async () => {
    const later = Math.floor(system.time.now() / 1000) + 300;
    expect(await refused(await cameAs('subject-1', clerk, { nbf: later }))).toEqual(UNAUTHENTICATED);
    expect((await me(await cameAs('subject-1', clerk, { aud: ['https://elsewhere.example.cn', AUDIENCE] }))).status).toBe(200);
  });

  it('are answered with a wait when the issuer can not be asked; local accounts are not concerned', async () => {
    const token = await provider.token(clerk, AUDIENCE);
    const away = await startSystem({
      engine: 'none',
      worker: false,
      settings: { OIDC_ISSUER: 'http://127.0.0.1:9', OIDC_AUDIENCE: AUDIENCE },
    });
    const answer = await new ApiClient(away.url, token).get<{ code: string }>('/me');
    expect([answer.status, answer.body.code]).toEqual([503, 'issuer-unavailable']);
    const session = await new ApiClient(away.url).send('POST', '/sessions', { username: clerk, password: 'xueji-demo' });
    expect(session.status).toBe(201);
    await away.stop();
  });
});
