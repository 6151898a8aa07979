import { createHmac } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import { InnerAddress, isInner, lookupPublic, targetOf, type WebhookReach } from './addresses.js';

export interface Sent {
  readonly status?: number;
  /** Why there was no status: a code, never the receiver's words. */
  readonly failure?: string;
}

/** The signature by which the receiver knows the sender: HMAC-SHA256 over id, time and body (the Standard Webhooks scheme). */
export const signatureOf = (secret: Buffer, id: string, seconds: number, body: string): string =>
  `v1,${createHmac('sha256', secret).update(`${id}.${seconds}.${body}`).digest('base64')}`;

/** By each secret that is in force, separated by blanks; the present one first. */
const signaturesOf = ({ secrets, id, seconds, body }: SignedEvent): string =>
  secrets.map((secret) => signatureOf(secret, id, seconds, body)).join(' ');

/** Posts one event. Whatever the receiver does, it answers within `timeout`; it never throws, follows no redirect, reads no answer. */
export async function postEvent(
  url: string,
  message: SignedEvent,
  { reach, timeout = 10_000 }: { reach: WebhookReach; timeout?: number },
): Promise<Sent> {
  try {
    return { status: await posted(url, message, { reach, timeout }) };
  } catch (error) {
    return { failure: failureOf(error as NodeJS.ErrnoException) };
  }
}

export interface SignedEvent {
  readonly id: string;
  readonly body: string;
  /** The present one, and during a rotation the former. */
  readonly secrets: readonly Buffer[];
  readonly seconds: number;
}

/** A name is judged when it is resolved for the connection: one that changes its mind gains nothing. @returns the status */
function posted(
  url: string,
  message: SignedEvent,
  { reach, timeout }: { reach: WebhookReach; timeout: number },
): Promise<number | undefined> {
  const { id, body, seconds } = message;
  const target = targetOf(url);
  if (!target) throw new Error('no address of http');
  if (reach === 'public' && isInner(target)) throw new InnerAddress();
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'user-agent': 'xueji-webhooks/1',
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': signaturesOf(message),
  };
  const options = {
    method: 'POST',
    headers,
    signal: AbortSignal.timeout(timeout),
    agent: false,
    ...(reach === 'public' ? { lookup: lookupPublic } : {}),
  } as const;
  return new Promise((resolve, reject) => {
    const request = (target.protocol === 'https:' ? https : http).request(target, options, (answer) => {
      answer.destroy();
      resolve(answer.statusCode);
    });
    request.on('error', reject);
    request.end(body);
  });
}

const failureOf = (error: NodeJS.ErrnoException): string =>
  error.name === 'AbortError' || error.name === 'TimeoutError' ? 'ETIMEDOUT' : (error.code ?? 'EFAILED');
