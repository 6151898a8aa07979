import { ApiClient } from '../fixtures/client.js';
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
  beforeAll(async () => {
    const plain = await startSystem({ engine: 'none', worker: false });
    const demo = await Demonstration.of(plain);
    clerk = demo.holder((demo.schools()[0] as { id: string }).id, 'schoolClerk');
    await plain.stop();
    provider = await IdentityProvider.start([clerk, STRANGER, NAMELESS]);
    const settings = { OIDC_ISSUER: provider.issuer, OIDC_AUDIENCE: AUDIENCE };
    system = await startSystem({ engine: 'none', worker: false, settings });
  }, 120_000);
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

  it('are answered with a wait when the issuer can not be asked; local accounts are not concerned', async () => {
    const token = await provider.token(clerk, AUDIENCE);
    const away = await startSystem({
      ...{ engine: 'none', worker: false, settings: { OIDC_ISSUER: 'http://127.0.0.1:9', OIDC_AUDIENCE: AUDIENCE } },
    });
    const answer = await new ApiClient(away.url, token).get<{ code: string }>('/me');
    expect([answer.status, answer.body.code]).toEqual([503, 'issuer-unavailable']);
    const session = await new ApiClient(away.url).send('POST', '/sessions', { username: clerk, password: 'xueji-demo' });
    expect(session.status).toBe(201);
    await away.stop();
  });
});
