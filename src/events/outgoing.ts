import { createHmac } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import { RequestFilteringHttpAgent, RequestFilteringHttpsAgent } from 'request-filtering-agent';

/** Where webhooks may go: to any address, or to public ones only, so that nobody uses this system to reach its inner network. */
export type WebhookReach = 'public' | 'any';

export interface Sent {
  readonly status?: number;
  /** Why there was no status: a code, never the receiver's words. */
  readonly failure?: string;
}

/** Judges the address at the moment of connecting: a name that changes its mind after it was resolved gains nothing. */
const PUBLIC_ONLY = { 'http:': new RequestFilteringHttpAgent(), 'https:': new RequestFilteringHttpsAgent() } as const;

/** The agent gives its refusals no code, and in its words the address, which no log of deliveries needs. */
const isRefused = ({ message }: Error): boolean => message.includes('is not allowed. Because');

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
  const protocol = target.protocol === 'https:' ? 'https:' : 'http:';
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'user-agent': 'xueji-webhooks/1',
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': signatureOf(secret, id, seconds, body),
  };
  return new Promise((resolve) => {
    const request = (protocol === 'https:' ? https : http).request(
      target,
      {
        method: 'POST',
        headers,
        signal: AbortSignal.timeout(timeout),
        agent: reach === 'public' ? PUBLIC_ONLY[protocol] : false,
      },
      (answer) => {
        answer.destroy();
        resolve({ status: answer.statusCode });
      },
    );
    request.on('error', (error) => resolve({ failure: failureOf(error) }));
    request.end(body);
  });
}

function failureOf(error: NodeJS.ErrnoException): string {
  if (isRefused(error)) return 'EINNER';
  return error.name === 'AbortError' || error.name === 'TimeoutError' ? 'ETIMEDOUT' : (error.code ?? 'EFAILED');
}
