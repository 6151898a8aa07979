import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiSecurity } from '@nestjs/swagger';
import type { CookieOptions, Request, Response } from 'express';
import { bytesOf } from '../http/base64url.js';
import { Problem } from '../http/problem.js';

export const BROWSERS = ['chrome', 'edge', 'firefox', 'qq', 'safari', 'other'] as const;
export type Browser = (typeof BROWSERS)[number];

/** The first that fits: most browsers also name those that they descend from. */
const FAMILIES: readonly (readonly [Browser, RegExp])[] = [
  ['edge', /\bEdg(e|A|iOS)?\//],
  ['qq', /\bM?QQBrowser\//],
  ['firefox', /\b(Firefox|FxiOS)\//],
  ['chrome', /\b(Chrome|CriOS)\//],
  ['safari', /\bSafari\//],
];

/** Which family of browsers asks. More is not kept: whole names of browsers tell people apart. */
export const browserOf = (request: Request): Browser =>
  FAMILIES.find(([, pattern]) => pattern.test(request.header('user-agent') ?? ''))?.[0] ?? 'other';

const LOOPBACK_NAME = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/;
const LOOPBACK_ADDRESS = /^(::1|(::ffff:)?127(\.\d{1,3}){3})$/;
const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'via'];

/** A browser on this very machine, without TLS and without a proxy between. Nobody else gets a cookie that is not `Secure`. */
const isHere = ({ secure, headers, socket }: Request): boolean =>
  !secure &&
  LOOPBACK_NAME.test(headers.host ?? '') &&
  LOOPBACK_ADDRESS.test(socket.remoteAddress ?? '') &&
  FORWARDED.every((name) => headers[name] === undefined);

/** What a browser keeps for us: who is signed in, and the tokens of the device; one sign-in at an issuer while it goes on. */
type Kept = 'session' | 'device' | 'sign-in';

/**
 * A browser takes a name with `__Host-` only over TLS, for the whole host and from this host itself: no neighbour can plant it. On this
 * machine without TLS the other name stands, and only there is it read.
 */
const nameOf = (kept: Kept, request: Request): string => {
  const ending = kept === 'session' ? '' : `-${kept}`;
  return isHere(request) ? `xueji-${kept}` : `__Host-xueji${ending}`;
};

const optionsOf = (request: Request): CookieOptions => ({ httpOnly: true, secure: !isHere(request), sameSite: 'strict', path: '/' });

/** Gives the browser a value that no script can read. Without an age it ends with the browser. */
export function keepInBrowser(response: Response, kept: Kept, value: string, more: Pick<CookieOptions, 'maxAge' | 'sameSite'> = {}): void {
  response.cookie(nameOf(kept, response.req), value, { ...optionsOf(response.req), ...more });
}

export function clearInBrowser(response: Response, kept: Kept): void {
  response.clearCookie(nameOf(kept, response.req), optionsOf(response.req));
}

/** The value of a cookie of ours; none where there are two of the name, because one of them was planted. */
export function keptInBrowser(request: Request, kept: Kept): string | undefined {
  const name = nameOf(kept, request);
  const parts = (request.headers.cookie ?? '').split(';').map((part) => part.trim());
  const values = parts.flatMap((part) => (part.startsWith(`${name}=`) ? [part.slice(name.length + 1)] : []));
  return values.length === 1 ? values[0] : undefined;
}

/** The token that the browser's cookie carries, if it has the shape of one. */
export function cookieToken(request: Request): string | undefined {
  const value = keptInBrowser(request, 'session');
  return value?.length === 43 && bytesOf(value) ? value : undefined;
}

/** What the pages of this system send with whatever changes something; a form cannot, and another origin is not let. */
export const CLIENT_HEADER = 'X-Xueji-Client';
const WORKBENCH = 'workbench';
const HARMLESS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses what another site makes a browser send with our cookie. Browsers say where a request comes from in `Sec-Fetch-Site`, older ones
 * in `Origin`; no page can choose either.
 * @throws Problem not-from-page
 */
export function mustComeFromPage(request: Request): void {
  if (request.header(CLIENT_HEADER) !== WORKBENCH || !isOfOurOrigin(request)) throw new Problem('not-from-page');
}

/** The same of any request that a cookie signs. A read needs no header, but is refused where the browser says that a foreign page asks. */
export function mustNotBeForeign(request: Request): void {
  const site = request.header('sec-fetch-site');
  if (!HARMLESS.has(request.method)) mustComeFromPage(request);
  else if (site !== undefined && site !== 'same-origin' && site !== 'none') throw new Problem('not-from-page');
}

function isOfOurOrigin(request: Request): boolean {
  const site = request.header('sec-fetch-site');
  return site === undefined
    ? request.header('origin') === `${isHere(request) ? 'http' : 'https'}://${request.host}`
    : site === 'same-origin';
}

export const FROM_PAGE = 'from-page';
/** A route that a page of this system alone may call, signed in or not. */
export const FromPage = (): MethodDecorator & ClassDecorator => applyDecorators(SetMetadata(FROM_PAGE, true), ApiSecurity('page'));
