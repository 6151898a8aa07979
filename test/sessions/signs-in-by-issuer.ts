import { Browser } from '../fixtures/browser.js';
import { as, ApiClient, refused } from '../fixtures/client.js';
import type { Demonstration } from '../fixtures/demonstration.js';
import { PAGES, type IdentityProvider } from '../fixtures/identity-provider.js';
import { asOwner } from '../fixtures/owner.js';
import type { System } from '../fixtures/system.js';

export const PUBLIC_URL = 'https://xueji.example.cn';
export const CALLBACK = `${PUBLIC_URL}/api/v1/browser-sessions/oidc/callback`;
const FAILED = '/sign-in?problem=sign-in-failed';
/** What a browser sends when another site sends it here. */
const FROM_ELSEWHERE = { 'X-Xueji-Client': '', 'Sec-Fetch-Site': 'cross-site' };

/** Where a browser comes back to from the issuer, signed in there as whom the address hints at. */
async function backFrom(address: string): Promise<string> {
  const cookies = new Map<string, string>();
  for (let next = address, n = 0; n < 8; n += 1) {
    const response = await fetch(next, { redirect: 'manual', headers: { Cookie: [...cookies].map((pair) => pair.join('=')).join('; ') } });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    next = new URL(response.headers.get('location') ?? 'about:blank', next).href;
    if (next.startsWith(CALLBACK)) return next.slice(CALLBACK.length);
    if (next === 'about:blank') throw new Error(`the issuer sends nowhere: ${response.status} ${await response.text()}`);
  }
  throw new Error('the issuer sends about');
}

/** The cases of signing in on a page at the issuer, on a system that runs already. */
export function signsInByIssuer(of: () => { system: System; demo: Demonstration; provider: IdentityProvider }): void {
  let nth = 0;
  const bound = async (): Promise<{ id: string; subject: string; admin: ApiClient }> => {
    const { system, demo } = of();
    const school = demo.schools()[4];
    const admin = await as(system, demo.holder(school?.parentId ?? '', 'orgAdmin'));
    nth += 1;
    const [username, subject] = [`by.issuer.${nth}`, `subject-of-pages-${nth}`];
    const { status, body } = await admin.post(`/organisations/${school?.id}/people`, { username, displayName: '沈怡', subject });
    expect(status).toBe(201);
    return { id: body.id as string, subject, admin };
  };
  /** Goes to the issuer as a subject; `altered` is what somebody changes of the address on the way. */
  const toIssuer = async (browser: Browser, subject: string, altered: Record<string, string> = {}): Promise<string> => {
    const { location } = await browser.go('/browser-sessions/oidc?back=/tasks', FROM_ELSEWHERE);
    const address = new URL(location);
    for (const [name, value] of Object.entries({ login_hint: subject, ...altered }))
      if (value === '') address.searchParams.delete(name);
      else address.searchParams.set(name, value);
    return backFrom(address.href);
  };
  const comeBack = async (browser: Browser, search: string): Promise<string> =>
    (await browser.go(`/browser-sessions/oidc/callback${search}`, FROM_ELSEWHERE)).location;
  const isSignedIn = async (browser: Browser): Promise<boolean> => (await browser.get('/me')).status === 200;

  it('is opened at the issuer by code, PKCE, state and nonce, for the account that is bound to the subject', async () => {
    const { system, provider } = of();
    const { id, subject, admin } = await bound();
    const browser = new Browser(system.url);
    expect((await browser.get('/browser-sessions/ways')).body).toMatchObject({ issuer: true });
    const { location } = await browser.go('/browser-sessions/oidc?back=/tasks', FROM_ELSEWHERE);
    const asked = Object.fromEntries(new URL(location).searchParams);
    expect(asked).toMatchObject({ client_id: PAGES, redirect_uri: CALLBACK, response_type: 'code', scope: 'openid' });
    expect([asked.code_challenge_method, asked.code_challenge?.length, asked.state?.length, asked.nonce?.length]).toEqual([
      'S256',
      43,
      43,
      43,
    ]);
    const begun = browser.cookies.get('xueji-sign-in');
    expect(begun?.attributes).toEqual(expect.arrayContaining(['httponly', 'max-age=600', 'path=/', 'samesite=lax']));
    for (const secret of [asked.state, asked.nonce])
      expect(Buffer.from(begun?.value ?? '', 'base64url').toString('latin1')).not.toContain(secret);
    expect(await comeBack(browser, await toIssuer(browser, subject))).toBe('/tasks');
    expect((await browser.get('/me')).body).toMatchObject({ id, passwordChangeRequired: false });
    expect([...browser.cookies.keys()]).toEqual(['xueji-session']);
    const { body } = await browser.send('DELETE', '/browser-sessions/current');
    const end = new URL(body.continueAt as string);
    expect([end.origin, end.searchParams.get('client_id')]).toEqual([provider.issuer, PAGES]);
    expect(end.searchParams.get('post_logout_redirect_uri')).toBe(`${PUBLIC_URL}/sign-in`);
    expect((await fetch(end)).status).toBe(200);
    expect(await isSignedIn(browser)).toBe(false);
    for (const what of ['subject', 'password-reset']) {
      expect(await comeBack(browser, await toIssuer(browser, what === 'subject' ? subject : `${subject}-new`))).toBe('/tasks');
      expect(await isSignedIn(browser)).toBe(true);
      expect(
        (await admin.post(`/people/${id}/${what}`, { reason: '更换', ...(what === 'subject' ? { subject: `${subject}-new` } : {}) }))
          .status,
      ).toBe(200);
      expect(await isSignedIn(browser)).toBe(false); // by the binding of before
    }
  });

  it('is not opened where state, code, nonce, PKCE or issuer is another than was asked for, or of another browser', async () => {
    const { system } = of();
    const { subject } = await bound();
    const altered: Record<string, string>[] = [
      { nonce: 'another-nonce-of-43-letters' },
      { nonce: '' },
      { code_challenge: 'a'.repeat(43) },
      { code_challenge: '' },
    ];
    for (const one of altered) {
      const browser = new Browser(system.url);
      const search = await toIssuer(browser, subject, one);
      expect([one, await comeBack(browser, search), await isSignedIn(browser)]).toEqual([one, FAILED, false]);
    }
    const swapped = (search: string, name: string, value: string): string => {
      const asked = new URLSearchParams(search);
      if (value === '') asked.delete(name);
      else asked.set(name, value);
      return `?${asked.toString()}`;
    };
    const other = await toIssuer(new Browser(system.url), subject);
    const codeOf = (search: string): string => new URLSearchParams(search).get('code') ?? '';
    const ways: ((search: string) => string)[] = [
      (search) => swapped(search, 'state', 'a'.repeat(43)),
      (search) => swapped(search, 'state', ''),
      (search) => swapped(search, 'code', codeOf(other)),
      (search) => swapped(search, 'code', ''),
      (search) => swapped(search, 'iss', 'https://evil.example.cn'),
      (search) => `${search}&state=again`,
      () => '?error=access_denied',
      () => '',
    ];
    for (const way of ways) {
      const browser = new Browser(system.url);
      const search = way(await toIssuer(browser, subject));
      expect([String(way), await comeBack(browser, search), await isSignedIn(browser)]).toEqual([String(way), FAILED, false]);
    }
    const victim = new Browser(system.url);
    expect([await comeBack(victim, await toIssuer(new Browser(system.url), subject)), await isSignedIn(victim)]).toEqual([FAILED, false]);
  });

  it('is opened once by a code, within ten minutes, and for no cookie that was made elsewhere', async () => {
    const { system } = of();
    const { subject } = await bound();
    const browser = new Browser(system.url);
    const search = await toIssuer(browser, subject);
    const begun = browser.cookies.get('xueji-sign-in');
    expect(await comeBack(browser, search)).toBe('/tasks');
    const replaying = new Browser(system.url);
    if (begun) replaying.cookies.set('xueji-sign-in', begun);
    expect([await comeBack(replaying, search), await isSignedIn(replaying)]).toEqual([FAILED, false]);
    for (const value of ['', 'x', 'a'.repeat(300), `${begun?.value.slice(0, -2)}AA`]) {
      const forging = new Browser(system.url);
      const came = await toIssuer(forging, subject);
      forging.cookies.set('xueji-sign-in', { name: 'xueji-sign-in', value, attributes: [] });
      expect([await comeBack(forging, came), await isSignedIn(forging)]).toEqual([FAILED, false]);
    }
    const late = new Browser(system.url);
    const came = await toIssuer(late, subject);
    await system.time.pass(600_000);
    expect([await comeBack(late, came), await isSignedIn(late)]).toEqual([FAILED, false]);
  });

  it('is not opened for a subject that opens no account, nor for a disabled one; the page is told which', async () => {
    const { system } = of();
    const { id, subject } = await bound();
    const tried = async (who: string) => {
      const browser = new Browser(system.url);
      return [await comeBack(browser, await toIssuer(browser, who)), await isSignedIn(browser)];
    };
    expect(await tried('nobody-here')).toEqual(['/sign-in?problem=unknown-subject', false]);
    await asOwner(system, 'update person set disabled_at = now() where id = $1', [id]);
    expect(await tried(subject)).toEqual(['/sign-in?problem=unknown-subject', false]);
    expect(system.logs.some((line) => line.includes('"unknown-subject"'))).toBe(true);
  });

  it('sends nobody to a page that is not ours', async () => {
    const browser = new Browser(of().system.url);
    for (const back of ['//evil.example.cn', 'https://evil.example.cn', '/\\evil.example.cn', '/\t/evil', 'tasks', '/a b', '/'.repeat(600)])
      expect(await browser.get(`/browser-sessions/oidc?back=${encodeURIComponent(back)}`)).toMatchObject(refused(422, 'invalid-input'));
  });
}
