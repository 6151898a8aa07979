import type { DataSource } from 'typeorm';
import type { Clock } from '../clock.js';
import { underAdvisoryLock } from '../database/advisory-lock.js';
import type { FieldCipher } from '../database/field-cipher.js';
import { inScope } from '../database/in-scope.js';
import { LOCKS } from '../database/locks.js';
import { eventsAfter } from './feed.js';
import type { EventView } from './events.dto.js';
import { post, type Reach, type Sent } from './outgoing.js';

export interface DeliveryDeps {
  readonly db: DataSource;
  readonly clock: Clock;
  readonly cipher: FieldCipher;
  readonly reach: Reach;
}

interface Due {
  id: string;
  organisationId: string;
  url: string;
  secret: Buffer;
  kinds: string[] | null;
  deliveredTo: string;
  attempts: number;
}

const HOOKS_AT_ONCE = 20;
const EVENTS_AT_ONCE = 50;
/** After so many attempts at one event, some four days, a webhook is suspended; nothing is lost, it goes on where it stood when resumed. */
export const MOST_ATTEMPTS = 24;
/** Seconds until the next attempt: 5, 10, 20 … at most six hours. */
const backOff = (attempts: number): number => Math.min(6 * 3600, 5 * 2 ** (attempts - 1)) * 1000;

/** Sends what is due to every webhook, in the order of the feed; true when a webhook has more to get. One process at a time. */
export async function deliver(deps: DeliveryDeps): Promise<boolean> {
  const more = await underAdvisoryLock(deps.db, LOCKS.webhookDelivery, async () => {
    const hooks = await inScope(deps.db, 'system', (tx) =>
      tx.query<(Omit<Due, 'secret'> & { secretCipher: Buffer })[]>(
        `select id, organisation_id as "organisationId", url, secret_cipher as "secretCipher", kinds, delivered_to::text as "deliveredTo", attempts from webhook
         where state = 'active' and next_attempt_at <= $1 and delivered_to < (select coalesce(max(id), 0) from event) order by next_attempt_at limit $2`,
        [new Date(deps.clock.now()), HOOKS_AT_ONCE],
      ),
    );
    const found = hooks.map(({ secretCipher, ...hook }) => ({
      ...hook,
      secret: Buffer.from(deps.cipher.decrypt(secretCipher, `webhook.secret:${hook.id}`), 'base64'),
    }));
    const results = await Promise.all(found.map((hook) => deliverTo(deps, hook)));
    return results.includes(true) || hooks.length === HOOKS_AT_ONCE;
  });
  return more ?? false;
}

/** The next events of one webhook, until one of them is not taken. */
async function deliverTo(deps: DeliveryDeps, hook: Due): Promise<boolean> {
  const { organisationId, kinds, deliveredTo } = hook;
  const page = await inScope(deps.db, 'system', (tx) =>
    eventsAfter(tx, [organisationId], { after: deliveredTo, kinds, limit: EVENTS_AT_ONCE }),
  );
  for (const [i, event] of page.items.entries()) {
    const attempt = i === 0 ? hook.attempts + 1 : 1;
    const taken = await attemptOne(deps, hook, event, attempt);
    if (!taken) return false;
  }
  if (page.items.at(-1)?.id !== page.after) await moved(deps, hook.id, page.after);
  return page.after !== deliveredTo;
}

async function attemptOne(deps: DeliveryDeps, hook: Due, event: EventView, attempt: number): Promise<boolean> {
  const began = performance.now();
  const body = JSON.stringify(event);
  const seconds = Math.floor(deps.clock.now() / 1000);
  const sent = await post(hook.url, { id: `${hook.id}.${event.id}`, body, secret: hook.secret, seconds }, { reach: deps.reach });
  await logged(deps, hook, event, { attempt, sent, milliseconds: Math.round(performance.now() - began) });
  const taken = sent.status !== undefined && sent.status >= 200 && sent.status < 300;
  if (taken) await moved(deps, hook.id, event.id);
  else await postponed(deps, hook.id, attempt);
  return taken;
}

const logged = (
  deps: DeliveryDeps,
  hook: Due,
  event: EventView,
  { attempt, sent, milliseconds }: { attempt: number; sent: Sent; milliseconds: number },
): Promise<unknown> =>
  inScope(deps.db, 'system', (tx) =>
    tx.query(
      'insert into webhook_delivery (webhook_id, at, event_id, attempt, status, failure, milliseconds) values ($1,$2,$3,$4,$5,$6,$7)',
      [...[hook.id, new Date(deps.clock.now()), event.id, attempt], ...[sent.status ?? null, sent.failure ?? null, milliseconds]],
    ),
  );

/** Goes forward only: a replay that was asked for meanwhile has set the place back and stays. */
const moved = (deps: DeliveryDeps, id: string, to: string): Promise<unknown> =>
  inScope(deps.db, 'system', (tx) =>
    tx.query('update webhook set delivered_to = $2, attempts = 0, next_attempt_at = $3 where id = $1 and delivered_to < $2', [
      ...[id, to, new Date(deps.clock.now())],
    ]),
  );

const postponed = (deps: DeliveryDeps, id: string, attempts: number): Promise<unknown> =>
  inScope(deps.db, 'system', (tx) =>
    tx.query(
      `update webhook set attempts = $2::int, next_attempt_at = $3, state = case when $2::int >= $4::int and state = 'active' then 'suspended' else state end where id = $1`,
      [...[id, attempts, new Date(deps.clock.now() + backOff(attempts)), MOST_ATTEMPTS]],
    ),
  );
