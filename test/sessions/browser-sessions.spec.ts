import { ApiClient, as, DEMO_PASSWORD, refused, signIn } from '../fixtures/client.js';
import { Browser } from '../fixtures/browser.js';
import { Demonstration } from '../fixtures/demonstration.js';
import { IdentityProvider, PAGES, SECRET } from '../fixtures/identity-provider.js';
import { asOwner } from '../fixtures/owner.js';
import { asStudent } from '../fixtures/asking.js';
import { startSystem, type System } from '../fixtures/system.js';
import { CALLBACK, PUBLIC_URL, signsInByIssuer } from './signs-in-by-issuer.js';

const UNAUTHENTICATED = refused(401, 'unauthenticated');
const NOT_FROM_PAGE = refused(403, 'not-from-page');
/** As a proxy that ends TLS says it. */
const OVER_TLS = { 'X-Forwarded-Proto': 'https', 'X-Forwarded-For': '203.0.113.7' };

describe('a session in the browser', () => {
  let system: System;
  let demo: Demonstration;
  let clerk: string;
  let provider: IdentityProvider;
  beforeAll(async () => {
    provider = await IdentityProvider.start([], 600, CALLBACK);
    const settings = {
      PUBLIC_URL,
      OIDC_ISSUER: provider.issuer,
      OIDC_AUDIENCE: 'xueji',
      OIDC_CLIENT_ID: PAGES,
      OIDC_CLIENT_SECRET: SECRET,
    };
    system = await startSystem({ engine: 'none', worker: false, settings });
    demo = await Demonstration.of(system);
    clerk = demo.holder(demo.schools()[0]?.id ?? '', 'schoolClerk');
  });
  afterAll(async () => {
    await system?.stop();
    await provider?.stop();
  });
  signsInByIssuer(() => ({ system, demo, provider }));

  const signedIn = async (username = clerk, always: Record<string, string> = {}): Promise<Browser> => {
    const browser = new Browser(system.url, always);
    expect(await browser.signIn(username, DEMO_PASSWORD)).toMatchObject({ status: 200 });
    return browser;
  };
  const tokenIn = (browser: Browser): string => (browser.cookies.get('xueji-session') ?? browser.cookies.get('__Host-xueji'))?.value ?? '';

  it('is carried by a cookie that no script reads, and by nothing in an answer', async () => {
    const browser = new Browser(system.url);
    const { status, body } = await browser.signIn(clerk, DEMO_PASSWORD);
    expect(status).toBe(200);
    expect(body).toEqual((await browser.get('/me')).body);
    expect(body).toMatchObject({ offices: [{ office: 'schoolClerk' }], passwordChangeRequired: false });
    expect(browser.cookies.get('xueji-session')?.attributes).toEqual(['httponly', 'path=/', 'samesite=strict']);
    for (const { value } of browser.cookies.values()) expect(JSON.stringify(body)).not.toContain(value);
    const overTls = await signedIn(clerk, OVER_TLS);
    expect(overTls.cookies.get('__Host-xueji')?.attributes).toEqual(['httponly', 'path=/', 'samesite=strict', 'secure']);
    expect([...overTls.cookies.keys()]).toEqual(['__Host-xueji-device', '__Host-xueji']);
    expect((await overTls.get('/me')).status).toBe(200);
  });

  it('ends at once with the sign-out, and the cookie goes; a second sign-out is none the worse', async () => {
    const browser = await signedIn();
    const stolen = new Browser(system.url, { Cookie: `xueji-session=${tokenIn(browser)}` });
    expect((await stolen.get('/me')).status).toBe(200);
    for (let n = 0; n < 2; n += 1)
      expect(await browser.send('DELETE', '/browser-sessions/current')).toMatchObject({ status: 200, body: { continueAt: null } });
    expect(browser.cookies.has('xueji-session')).toBe(false);
    for (const one of [browser, stolen]) expect(await one.get('/me')).toMatchObject(UNAUTHENTICATED);
  });

  it('refuses as a token does, and counts the failures of a device that it knows apart', async () => {
    const browser = new Browser(system.url);
    const wrong = (one: Browser) => one.signIn(clerk, 'xueji-dem0');
    expect(await wrong(browser)).toMatchObject(refused(401, 'wrong-credentials'));
    expect([...browser.cookies.keys()]).toEqual([]);
    const known = await signedIn();
    const elsewhere = new Browser(system.url, { 'X-Forwarded-For': '198.51.100.9' });
    for (let n = 0; n < 11; n += 1) expect((await wrong(elsewhere)).status).toBe(n < 10 ? 401 : 429);
    const device = known.cookies.get('xueji-device')?.value ?? '';
    const moved = new Browser(system.url, { 'X-Forwarded-For': '198.51.100.9', Cookie: `__Host-xueji-device=a~${device}` });
    expect((await moved.signIn(clerk, DEMO_PASSWORD)).status).toBe(200);
  });

  it('that a one-time password opened serves only to set another', async () => {
    const admin = await as(system, demo.holder(demo.schools()[0]?.parentId ?? '', 'orgAdmin'));
    const { body: entered } = await admin.post(`/organisations/${demo.schools()[0]?.id}/people`, {
      username: 'new.one',
      displayName: '沈怡',
    });
    const browser = new Browser(system.url);
    expect(await browser.signIn('new.one', entered.oneTimePassword)).toMatchObject({ status: 200, body: { passwordChangeRequired: true } });
    expect(await browser.get('/tasks')).toMatchObject(refused(403, 'password-change-required'));
    const change = { currentPassword: entered.oneTimePassword, newPassword: '三墩镇的桂花开了两次 2026' };
    expect((await browser.send('PUT', '/me/password', change)).status).toBe(204);
    expect((await browser.get('/me')).body.passwordChangeRequired).toBe(false);
    expect((await browser.get('/notifications')).status).toBe(200);
  });

  it('changes nothing for a form or a script of another page, signed in or not', async () => {
    const browser = await signedIn();
    const attempts: Record<string, string>[] = [
      { 'X-Xueji-Client': '' },
      { 'X-Xueji-Client': 'Workbench' },
      { 'Sec-Fetch-Site': '' },
      { 'Sec-Fetch-Site': 'cross-site' },
      { 'Sec-Fetch-Site': 'same-site' },
      { 'Sec-Fetch-Site': 'none' },
      { 'Sec-Fetch-Site': 'cross-site', Origin: system.url },
      { 'Sec-Fetch-Site': '', Origin: 'null' },
      { 'Sec-Fetch-Site': '', Origin: 'http://evil.example.cn' },
      { 'Sec-Fetch-Site': '', Origin: `${system.url}.evil.example.cn` },
      { 'Sec-Fetch-Site': '', Origin: system.url.replace('http:', 'https:') },
      { 'Sec-Fetch-Site': '', Referer: system.url },
    ];
    for (const headers of attempts) {
      const answers = [
        await browser.send('POST', '/notifications/read', { ids: [] }, headers),
        await browser.send('PUT', '/me/password', {}, headers),
        await browser.send('DELETE', '/browser-sessions/current', undefined, headers),
        await new Browser(system.url).signIn(clerk, DEMO_PASSWORD, headers),
        await new Browser(system.url).send('POST', '/browser-sessions/demonstration', { account: clerk }, headers),
      ];
      expect([headers, answers.map(({ body }) => body.code)]).toEqual([headers, answers.map(() => 'not-from-page')]);
    }
    expect((await browser.send('POST', '/notifications/read', { ids: [] }, { 'Sec-Fetch-Site': '', Origin: system.url })).status).not.toBe(
      403,
    );
    expect((await browser.get('/me')).status).toBe(200);
    for (const site of ['cross-site', 'same-site'])
      expect(await browser.get('/me', { 'Sec-Fetch-Site': site })).toMatchObject(NOT_FROM_PAGE);
    for (const site of ['', 'none']) expect((await browser.get('/me', { 'Sec-Fetch-Site': site })).status).toBe(200);
  });

  it('is read of one cookie with its very name and shape, whatever else is sent', async () => {
    const token = tokenIn(await signedIn());
    const shown = (cookie: string, headers: Record<string, string> = {}) =>
      new Browser(system.url, { Cookie: cookie, ...headers }).get('/me');
    expect((await shown(`a=1; xueji-session=${token}; b=2`)).status).toBe(200);
    const wrong: [string, Record<string, string>?][] = [
      [`Xueji-Session=${token}`],
      [`XUEJI-SESSION=${token}`],
      [`__Host-xueji=${token}`],
      [`__host-xueji=${token}`, OVER_TLS],
      [`xueji-session=${token}`, OVER_TLS],
      [`xueji-session=${token}`, { 'X-Forwarded-Proto': 'http' }],
      [`xueji-session="${token}"`],
      [`xueji-session=${token}; xueji-session=${token}`],
      [`xueji-session=${'a'.repeat(43)}; xueji-session=${token}`],
      [`xueji-session=${token}A`],
      [`xueji-session=${token.slice(0, -1)}`],
      [`xueji-session=${'a'.repeat(12_000)}`],
      [`xueji-session=`],
    ];
    for (const [cookie, headers] of wrong) expect([cookie, (await shown(cookie, headers)).body.code]).toEqual([cookie, 'unauthenticated']);
    expect((await shown(`xueji-session=${'a'.repeat(20_000)}`)).status).toBe(431);
  });

  it('is none of the token that somebody planted: a sign-in makes another and ends the one before', async () => {
    const planted = tokenIn(await signedIn(demo.holder(demo.schools()[1]?.id ?? '', 'schoolClerk')));
    const victim = new Browser(system.url);
    victim.cookies.set('xueji-session', { name: 'xueji-session', value: planted, attributes: [] });
    await victim.signIn(clerk, DEMO_PASSWORD);
    expect(tokenIn(victim)).not.toBe(planted);
    expect(await new Browser(system.url, { Cookie: `xueji-session=${planted}` }).get('/me')).toMatchObject(UNAUTHENTICATED);
  });

  it('is no bearer token, nor the other way round; a request with both is judged by the header', async () => {
    const browser = await signedIn();
    expect(await new ApiClient(system.url, tokenIn(browser)).get('/me')).toMatchObject(UNAUTHENTICATED);
    const { token = '' } = await as(system, demo.holder(demo.schools()[1]?.id ?? '', 'schoolClerk'));
    expect(await new Browser(system.url, { Cookie: `xueji-session=${token}` }).get('/me')).toMatchObject(UNAUTHENTICATED);
    const mine = (await browser.get('/me')).body;
    expect((await browser.get('/me', { Authorization: `Bearer ${token}` })).body.id).not.toBe(mine.id);
    for (const Authorization of ['Bearer x', `Bearer ${'a'.repeat(43)}`, 'Basic YTpi'])
      expect(await browser.get('/me', { Authorization })).toMatchObject(UNAUTHENTICATED);
    // without a cookie of use a program needs no header of a page
    const program = await browser.send(
      'POST',
      '/notifications/read',
      { ids: [] },
      { Authorization: `Bearer ${token}`, 'X-Xueji-Client': '' },
    );
    expect(program.body.code).not.toBe('not-from-page');
  });

  it('opens no route of a student, and a student none of these', async () => {
    const browser = await signedIn();
    expect(await browser.get('/own-dossier')).toMatchObject(UNAUTHENTICATED);
    expect(await browser.send('DELETE', '/student-sessions/current')).toMatchObject(UNAUTHENTICATED);
    const school = demo.schools()[0]?.id ?? '';
    const student = await asStudent(system, await as(system, clerk), demo.student(school));
    for (const path of ['/me', '/own-dossier'])
      expect(await new Browser(system.url, { Cookie: `xueji-session=${student.token}` }).get(path)).toMatchObject(UNAUTHENTICATED);
    expect((await student.get('/own-dossier')).status).toBe(200);
  });

  it('ends with the account at once, holds no office that ended, and ends with its hours', async () => {
    const reviewer = demo.holder(demo.schools()[2]?.id ?? '', 'schoolReviewer');
    const browser = await signedIn(reviewer);
    const set = (what: string, of: string) =>
      asOwner(system, `update ${what} where ${of} = (select id from person where username = $1)`, [reviewer]);
    await set(`office set held_until = '2020-01-01', held_from = '2019-01-01'`, 'person_id');
    expect((await browser.get('/me')).body.offices).toEqual([]);
    expect(await browser.send('POST', '/tasks/decisions', { taskIds: [] })).toMatchObject({ status: expect.any(Number) });
    await set('person set disabled_at = now()', 'id');
    expect(await browser.get('/me')).toMatchObject(UNAUTHENTICATED);
    expect(await browser.signIn(reviewer, DEMO_PASSWORD)).toMatchObject(refused(401, 'wrong-credentials'));
    const other = await signedIn();
    await system.time.pass(12 * 3_600_000 - 60_000);
    expect((await other.get('/me')).status).toBe(200);
    await system.time.pass(120_000);
    expect(await other.get('/me')).toMatchObject(UNAUTHENTICATED);
  });

  it('is listed to its person alone, with when it was used and by what; one, all others or all are ended at once', async () => {
    const person = demo.holder(demo.schools()[3]?.id ?? '', 'schoolClerk');
    const [one, other] = [await signedIn(person), await signedIn(person, { 'User-Agent': 'Mozilla/5.0 Firefox/146.0' })];
    const program = await signIn(system.url, person);
    const items = async (browser = one) =>
      (await browser.get<{ items: Record<'id' | 'createdAt' | 'usedAt', string>[] }>('/me/sessions')).body.items;
    await system.time.pass(6 * 60_000);
    const [byProgram, byOther, byOne] = await items();
    expect([byProgram, byOther, byOne]).toMatchObject([
      { client: 'program', current: false },
      { client: 'firefox', current: false },
      { client: 'chrome', current: true },
    ]);
    const { createdAt = '', usedAt = '' } = (await items())[2] ?? {};
    expect(Date.parse(usedAt) - Date.parse(createdAt)).toBeGreaterThanOrEqual(6 * 60_000);
    expect(byOther?.usedAt).toBe(byOther?.createdAt);
    const stranger = await signedIn();
    expect(await stranger.send('DELETE', `/me/sessions/${byOther?.id}`)).toMatchObject(refused(404, 'not-found'));
    expect((await other.get('/me')).status).toBe(200);
    expect(await one.send('DELETE', `/me/sessions/${byOther?.id}`)).toMatchObject({ status: 204 });
    expect(await other.get('/me')).toMatchObject(UNAUTHENTICATED);
    expect(await one.send('DELETE', '/me/sessions')).toMatchObject({ status: 200, body: { ended: 1 } });
    expect(await program.get('/me')).toMatchObject(UNAUTHENTICATED);
    expect(await items()).toHaveLength(1);
    expect(await one.send('DELETE', '/me/sessions?which=all')).toMatchObject({ status: 200, body: { ended: 1 } });
    expect([one.cookies.has('xueji-session'), (await one.get('/me')).status]).toEqual([false, 401]);
    expect((await stranger.get('/me')).status).toBe(200);
  });

  it('is opened by one click as an account of the demonstration, and there alone', async () => {
    const browser = new Browser(system.url);
    const asAccount = (account: string) => browser.send('POST', '/browser-sessions/demonstration', { account });
    expect((await browser.get('/browser-sessions/ways')).body).toEqual({ issuer: true, demonstration: true });
    expect((await asAccount(clerk)).body).toEqual((await browser.get('/me')).body);
    expect(await asAccount('new.one')).toMatchObject(refused(404, 'not-found'));
    Object.assign(system.config, { demo: false });
    expect((await browser.get('/browser-sessions/ways')).body).toEqual({ issuer: true, demonstration: false });
    expect(await asAccount(clerk)).toMatchObject(refused(404, 'not-found'));
    Object.assign(system.config, { demo: true });
  });
});
