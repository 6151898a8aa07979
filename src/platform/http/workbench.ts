import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Router, type Request, type Response } from 'express';

/** Where `scripts/web.mjs` builds it, beside the compiled sources. */
const BUILT = path.join(import.meta.dirname, '..', '..', '..', 'web');
/** Stands in the page for the number that allows its styles. */
const NONCE = /NONCE-OF-THE-ANSWER/g;
const YEAR_SECONDS = 31_536_000;

const TYPES: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };
const ENCODINGS = { br: '.br', gzip: '.gz' } as const;

/**
 * What the workbench may load. Its components write their styles while they run, which a number of this answer allows. A script, a form
 * or a frame from elsewhere is refused. Evidence is shown from memory (`blob:`).
 */
const policy = (nonce: string): string =>
  [
    `default-src 'none'`,
    `script-src 'self'`,
    `style-src 'self' 'nonce-${nonce}'`,
    `img-src 'self' blob:`,
    `font-src 'self'`,
    `connect-src 'self'`,
    `frame-src 'self' blob:`,
    `base-uri 'none'`,
    `form-action 'self'`,
    `frame-ancestors 'none'`,
  ].join('; ');

/**
 * The workbench: its page at `/` and below the folder of each of its slices, its files by their hashed names. Without a build there is
 * none, as where the API alone is tested; then `/` is whatever stands behind.
 */
export function workbench(folder: string = BUILT): Router {
  const router = Router();
  if (!existsSync(path.join(folder, 'slices.json'))) return router;
  const page = readFileSync(path.join(folder, 'index.html'), 'utf8');
  const slices = JSON.parse(readFileSync(path.join(folder, 'slices.json'), 'utf8')) as string[];
  const files = new Set(readdirSync(folder, { recursive: true }).map((name) => String(name).split(path.sep).join('/')));
  const show = (_request: Request, response: Response): void => {
    const nonce = randomBytes(16).toString('base64');
    response
      .set({ 'Content-Security-Policy': policy(nonce), 'Cache-Control': 'no-cache' })
      .type('html')
      .send(page.replace(NONCE, nonce));
  };
  const sendFile = (request: Request, response: Response, next: () => void): void => {
    const name = request.path.slice(1);
    const type = TYPES[path.extname(name)];
    if (!type || !files.has(name)) return next();
    const encoding = request.acceptsEncodings('br', 'gzip', 'identity');
    const packed = encoding === 'br' || encoding === 'gzip' ? `${name}${ENCODINGS[encoding]}` : name;
    const isPacked = packed !== name && files.has(packed);
    if (isPacked) response.setHeader('Content-Encoding', encoding as string);
    response
      .vary('Accept-Encoding')
      .set('Cache-Control', name.startsWith('assets/') ? `public, max-age=${YEAR_SECONDS}, immutable` : 'public, max-age=3600')
      .type(type)
      .sendFile(isPacked ? packed : name, { root: folder, cacheControl: false });
  };
  router.get(['/', ...slices.flatMap((slice) => [`/${slice}`, `/${slice}/*path`])], show);
  router.get(['/assets/:name', '/mark.svg'], sendFile);
  return router;
}
