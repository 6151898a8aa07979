import { createHash } from 'node:crypto';
import { appointed } from '../fixtures/appointed.js';
import { ApiClient, as, refused as refusal } from '../fixtures/client.js';
import { Demonstration, type DemoOrganisation } from '../fixtures/demonstration.js';
import { IdentityProvider, NAMELESS } from '../fixtures/identity-provider.js';
import { asOwner } from '../fixtures/owner.js';
import { serviceAccountCases } from './service-account-cases.js';
import { startSystem, type System } from '../fixtures/system.js';

const AUDIENCE = 'https://xueji.example.cn/api';
/** At the issuer: a subject that is bound here, and one that is not. */
const KNOWN = 'subject-of-a-clerk';
const STRANGER = 'nobody.here';

describe('tokens of a configured OpenID Connect issuer', () => {
  let system: System;
  let provider: IdentityProvider;
  let demo: Demonstration;
  let school: DemoOrganisation;
  let admin: ApiClient;
  beforeAll(async () => {
    provider = await IdentityProvider.start([KNOWN, STRANGER, NAMELESS]);
    const settings = { OIDC_ISSUER: provider.issuer, OIDC_AUDIENCE: AUDIENCE };
    system = await startSystem({ engine: 'none', worker: false, settings });
    demo = await Demonstration.of(system);
    school = demo.schools()[0] as DemoOrganisation;
    admin = await as(system, demo.holder(school.parentId ?? '', 'orgAdmin'));
    await entered('clerk.of.issuer', KNOWN);
    await appointed(system, demo, school.id, { username: 'clerk.of.issuer', office: 'schoolClerk' });
  });
  afterAll(async () => {
    await system?.stop();
    await provider?.stop();
  });

  const enter = (username: string, subject: string) =>
    admin.post(`/organisations/${school.id}/people`, { username, displayName: `人 ${username}`, subject });
  const entered = async (username: string, subject: string): Promise<string> => {
    const { status, body } = await enter(username, subject);
    expect([status, body.oneTimePassword, body.oneTimePasswordUntil]).toEqual([201, null, null]);
    return body.id as string;
  };
  const bind = (id: string, subject: string, by = admin) => by.post(`/people/${id}/subject`, { subject, reason: '账号更换' });
  const asked = (token: string) => new ApiClient(system.url, token);
  const me = (token: string) => asked(token).get<{ displayName: string; offices: { office: string }[]; code?: string }>('/me');
  const refused = async (token: string) => {
    const { status, body } = await me(token);
    return [status, body.code];
  };
  const whole = (iss: string) => ({
    iss,
    aud: AUDIENCE,
    sub: KNOWN,
    preferred_username: 'clerk.of.issuer',
    exp: Math.floor(system.time.now() / 1000) + 600,
  });
  const UNAUTHENTICATED = [401, 'unauthenticated'];

  it('open the account that an administrator bound to their subject, with its offices', async () => {
    const token = await provider.token(KNOWN, AUDIENCE);
    expect(await me(token)).toMatchObject({
      status: 200,
      body: { displayName: '人 clerk.of.issuer', offices: [{ office: 'schoolClerk' }] },
    });
    expect((await asked(token).get('/tasks')).status).toBe(200);
  });

  it('end at once when their holder logs out, in whatever encoding, and nobody else is logged out', async () => {
    const [one, other] = [await provider.token(KNOWN, AUDIENCE), await provider.token(KNOWN, AUDIENCE)];
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const last = letters.indexOf(one.at(-1) ?? '');
    const alike = `${one.slice(0, -1)}${letters[last + 1]}`; // 256 bytes leave four bits of the last letter over
    expect(Buffer.from(alike.split('.')[2] ?? '', 'base64url')).toEqual(Buffer.from(one.split('.')[2] ?? '', 'base64url'));
    expect([(await me(one)).status, await refused(alike)]).toEqual([200, UNAUTHENTICATED]);
    expect((await asked(one).send('DELETE', '/sessions/current')).status).toBe(204);
    for (const token of [one, alike]) expect(await refused(token)).toEqual(UNAUTHENTICATED);
    expect((await me(other)).status).toBe(200);
    const [ended] = await asOwner<{ hash: Buffer }[]>(system, 'select token_hash as hash from ended_token');
    const signed = one.slice(0, one.lastIndexOf('.'));
    expect(ended?.hash).toEqual(createHash('sha256').update(signed).digest()); // another good signature would be the same token
  });

  it('let nobody in by a name that they claim: not the operator, no administrator, nobody who has an account here', async () => {
    const before = await asOwner(system, 'select id, subject_hash from person order by id');
    const names = ['operator', demo.holder(school.parentId ?? '', 'orgAdmin'), demo.holder(school.id, 'schoolReviewer'), 'clerk.of.issuer'];
    for (const name of names)
      for (const claims of [{ preferred_username: name }, { username: name, email: name, name }, { sub: name }])
        expect(await refused(await provider.signed({ ...whole(provider.issuer), sub: 'mine', ...claims }))).toEqual(UNAUTHENTICATED);
    expect(await refused(await provider.token(STRANGER, AUDIENCE))).toEqual(UNAUTHENTICATED);
    const { exp: _exp, ...endless } = whole(provider.issuer);
    expect(await refused(await provider.signed(endless))).toEqual(UNAUTHENTICATED);
    const { sub: _sub, ...nameless } = whole(provider.issuer);
    for (const sub of [undefined, '', 7, [KNOWN], { toString: KNOWN }])
      expect(await refused(await provider.signed({ ...nameless, ...(sub === undefined ? {} : { sub: sub as string }) }))).toEqual(
        UNAUTHENTICATED,
      );
    expect(await asOwner(system, 'select id, subject_hash from person order by id')).toEqual(before);
    expect((await me(await provider.signed({ ...whole(provider.issuer), preferred_username: 'operator' }))).body.displayName).toBe(
      '人 clerk.of.issuer',
    );
  });

  it('are refused for another audience, from another issuer, changed, unsigned, and after they expired', async () => {
    expect(await refused(await provider.token(KNOWN, 'https://elsewhere.example.cn'))).toEqual(UNAUTHENTICATED);
    const impostor = await IdentityProvider.start([KNOWN]);
    expect(await refused(await impostor.token(KNOWN, AUDIENCE))).toEqual(UNAUTHENTICATED);
    expect(await refused(await impostor.signed({ ...whole(provider.issuer), preferred_username: 'operator' }))).toEqual(UNAUTHENTICATED);
    await impostor.stop();
    const token = await provider.token(KNOWN, AUDIENCE);
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

  /** Signed by the issuer itself for a subject there. */
  const cameAs = (sub: string, more: object = {}) => provider.signed({ ...whole(provider.issuer), sub, ...more });

  it('open no account with a password and none of an administrator or operator, whoever binds', async () => {
    const reviewer = await idOf(demo.holder(school.id, 'schoolReviewer'));
    expect(await bind(reviewer, 'subject-1')).toMatchObject(refusal(409, 'not-for-binding'));
    const id = await entered('later.admin', 'subject-2');
    await appointed(system, demo, school.id, { username: 'later.admin', office: 'orgAdmin' });
    const city = await as(system, demo.holder(demo.superiors(school)[1]?.id ?? '', 'orgAdmin'));
    expect(await bind(id, 'subject-1', city)).toMatchObject(refusal(409, 'not-for-binding'));
    expect(await refused(await cameAs('subject-1'))).toEqual(UNAUTHENTICATED);
    expect((await me(await cameAs('subject-2'))).body.offices).toMatchObject([{ office: 'orgAdmin' }]); // by two administrators' word
  });

  it('follow the binding: one account a subject, one subject an account, by who looks after the account', async () => {
    const id = await entered('somebody', 'subject-3');
    expect(await enter('another', 'subject-3')).toMatchObject(refusal(409, 'subject-taken'));
    const second = await entered('another', 'subject-4');
    expect(await bind(second, 'subject-3')).toMatchObject(refusal(409, 'subject-taken'));
    const stranger = demo.schools().find(({ parentId }) => parentId !== school.parentId);
    const elsewhere = await as(system, demo.holder(stranger?.parentId ?? '', 'orgAdmin'));
    expect(await bind(id, 'subject-5', elsewhere)).toMatchObject(refusal(404, 'not-found'));
    expect((await bind(id, 'subject-5')).status).toBe(200);
    expect(await refused(await cameAs('subject-3'))).toEqual(UNAUTHENTICATED);
    expect((await me(await cameAs('subject-5'))).body.displayName).toBe('人 somebody');
    const acts = await asOwner<{ kind: string; body: object }[]>(system, 'select kind, body from act where stream_id = $1 order by seq', [
      id,
    ]);
    expect(acts.map(({ kind }) => kind)).toEqual(['entered', 'subjectBound', 'subjectBound']);
    expect(JSON.stringify([acts, await asOwner(system, 'select * from person')])).not.toContain('subject-');
  });

  it('end with a password: from a reset on the account signs in by that alone', async () => {
    const id = await entered('back.to.password', 'subject-6');
    const { body } = await admin.post(`/people/${id}/password-reset`, { reason: '停用统一认证' });
    expect(await refused(await cameAs('subject-6'))).toEqual(UNAUTHENTICATED);
    const credentials = { username: 'back.to.password', password: body.oneTimePassword };
    expect((await new ApiClient(system.url).send('POST', '/sessions', credentials)).status).toBe(201);
    expect(await bind(id, 'subject-6')).toMatchObject(refusal(409, 'not-for-binding'));
  });

  it('open nothing while the account is disabled, and the same account once it is enabled', async () => {
    const id = await entered('on.leave', 'subject-7');
    const asks = (what: string) => admin.post(`/people/${id}/${what}`, { reason: '离岗' });
    expect((await asks('disabling')).status).toBe(200);
    expect(await refused(await cameAs('subject-7'))).toEqual(UNAUTHENTICATED);
    expect((await asks('enabling')).status).toBe(200);
    expect((await me(await cameAs('subject-7'))).status).toBe(200);
  });

  const idOf = async (username: string): Promise<string> =>
    (await asOwner<{ id: string }[]>(system, 'select id from person where username = $1', [username]))[0]?.id ?? '';

  it('are refused before their time, and taken when they are for several audiences, ours among them', async () => {
    const later = Math.floor(system.time.now() / 1000) + 300;
    expect(await refused(await cameAs(KNOWN, { nbf: later }))).toEqual(UNAUTHENTICATED);
    expect((await me(await cameAs(KNOWN, { aud: ['https://elsewhere.example.cn', AUDIENCE] }))).status).toBe(200);
  });

  describe('beside them, a service account of a program', () => {
    serviceAccountCases(() => ({ system, demo, school, provider, audience: AUDIENCE }));
  });

  it('are answered with a wait when the issuer can not be asked; local accounts are not concerned', async () => {
    const token = await provider.token(KNOWN, AUDIENCE);
    const away = await startSystem({
      engine: 'none',
      worker: false,
      settings: { OIDC_ISSUER: 'http://127.0.0.1:9', OIDC_AUDIENCE: AUDIENCE },
    });
    const answer = await new ApiClient(away.url, token).get<{ code: string }>('/me');
    expect([answer.status, answer.body.code]).toEqual([503, 'issuer-unavailable']);
    const session = await new ApiClient(away.url).send('POST', '/sessions', {
      username: demo.holder(school.id, 'schoolClerk'),
      password: 'xueji-demo',
    });
    expect(session.status).toBe(201);
    await away.stop();
  });
});
