import type { FieldCipher } from '../platform/database/field-cipher.js';
import type { Clock } from '../platform/clock.js';
import type { WebhookReach } from './addresses.js';
import { postEvent, type Sent } from './outgoing.js';
import type { Webhook } from './webhook.entity.js';

export interface AttemptDeps {
  readonly clock: Clock;
  readonly cipher: FieldCipher;
  readonly reach: WebhookReach;
}

export type Signing = Pick<Webhook, 'id' | 'url' | 'secretCipher' | 'formerSecretCipher' | 'formerUntil'>;

export interface Attempted extends Sent {
  readonly milliseconds: number;
}

export const secretPlace = (webhookId: string): string => `webhook.secret:${webhookId}`;
export const isDelivered = ({ status }: Sent): boolean => status !== undefined && status >= 200 && status < 300;

/** The secrets that sign now: the former one too while its time lasts, so that a receiver may change at its ease. */
function secretsOf({ id, secretCipher, formerSecretCipher, formerUntil }: Signing, { cipher, clock }: AttemptDeps): Buffer[] {
  const isOverlap = formerUntil !== null && formerUntil.getTime() > clock.now();
  const all = [secretCipher, ...(isOverlap && formerSecretCipher ? [formerSecretCipher] : [])];
  return all.map((one) => Buffer.from(cipher.decrypt(one, secretPlace(id)), 'base64'));
}

/** Posts an event, or a test, to a webhook: signed and judged alike. @param name of the event; with the webhook's id it is `webhook-id` */
export async function attempt(deps: AttemptDeps, hook: Signing, name: string, event: object): Promise<Attempted> {
  const message = {
    id: `${hook.id}.${name}`,
    body: JSON.stringify(event),
    secrets: secretsOf(hook, deps),
    seconds: Math.floor(deps.clock.now() / 1000),
  };
  const began = performance.now();
  const sent = await postEvent(hook.url, message, { reach: deps.reach });
  return { ...sent, milliseconds: Math.round(performance.now() - began) };
}
