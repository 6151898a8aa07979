import { createHmac } from 'node:crypto';
import { lookup } from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** Where webhooks may go: anywhere, or to public addresses only, so that nobody makes this system knock at its own inner doors. */
export type WebhookReach = 'public' | 'any';

export interface Sent {
  readonly status?: number;
  /** Why there was no status: a code, never the receiver's words. */
  readonly failure?: string;
}

/** This host, private, shared, link-local, benchmark and multicast networks. A mapped IPv4 address is checked as what it maps. */
const INNER_NETWORKS = `
  0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.168.0.0/16 198.18.0.0/15 224.0.0.0/3
  ::/127 64:ff9b::/96 fc00::/7 fe80::/10 ff00::/8`;
const INNER = new BlockList();
for (const [, net = '', bits] of INNER_NETWORKS.matchAll(/(\S+)\/(\d+)/g))
  INNER.addSubnet(net, Number(bits), net.includes(':') ? 'ipv6' : 'ipv4');

export const isInner = (address: string): boolean => INNER.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** Resolves a name and refuses inner addresses at the moment of connecting: a name that changes its mind in between gains nothing. */
const publicOnly: LookupFunction = (hostname, options, done) =>
  lookup(hostname, { ...options, all: false }, (error, address, family) => {
    if (error) return done(error, address, family);
    if (isInner(address)) return done(Object.assign(new Error('an inner address'), { code: 'EINNER' }), address, family);
    done(null, options.all ? ([{ address, family }] as never) : address, family);
  });

/** The signature by which the receiver knows the sender: HMAC-SHA256 over id, time and body (the Standard Webhooks scheme). */
export const signatureOf = (secret: Buffer, id: string, seconds: number, body: string): string =>
  `v1,${createHmac('sha256', secret).update(`${id}.${seconds}.${body}`).digest('base64')}`;

/** Posts one event; whatever the receiver does, it answers within `timeout`. Redirects are not followed, answers not read. */
export function postEvent(
  url: string,
  { id, body, secret, seconds }: { id: string; body: string; secret: Buffer; seconds: number },
  { reach, timeout = 10_000 }: { reach: WebhookReach; timeout?: number },
): Promise<Sent> {
  const target = new URL(url);
  const host = target.hostname.replace(/^\[|\]$/g, '');
  if (reach === 'public' && isIP(host) !== 0 && isInner(host)) return Promise.resolve({ failure: 'EINNER' });
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'user-agent': 'xueji-webhooks/1',
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': signatureOf(secret, id, seconds, body),
  };
  return new Promise((resolve) => {
    const request = (target.protocol === 'https:' ? https : http).request(
      target,
      {
        method: 'POST',
        headers,
        signal: AbortSignal.timeout(timeout),
        agent: false,
        ...(reach === 'public' ? { lookup: publicOnly } : {}),
      },
      (answer) => {
        answer.destroy();
        resolve({ status: answer.statusCode });
      },
    );
    request.on('error', (error: NodeJS.ErrnoException) =>
      resolve({ failure: error.name === 'AbortError' || error.name === 'TimeoutError' ? 'ETIMEDOUT' : (error.code ?? 'EFAILED') }),
    );
    request.end(body);
  });
}
