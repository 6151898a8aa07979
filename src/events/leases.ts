import type { DataSource } from 'typeorm';
import type { Clock } from '../platform/clock.js';
import { inScope } from '../platform/database/in-scope.js';

interface LeaseDeps {
  readonly db: DataSource;
  readonly clock: Clock;
}

/** A webhook with a lease on it: who holds it sends to it, from the place where it stands. */
export interface LeasedWebhook {
  readonly id: string;
  readonly organisationId: string;
  readonly url: string;
  readonly secretCipher: Buffer;
  readonly kinds: string[] | null;
  readonly deliveredTo: string;
  /** Failed attempts at the next event. */
  readonly attempts: number;
  readonly lease: string;
}

/** Longer than a pass at one webhook takes: after it a process that died or hangs has lost the webhook to another. */
const LASTS = 60_000;
/** After so many attempts at one event, some four days, a webhook is suspended; nothing is lost, it goes on where it stood when resumed. */
export const MOST_DELIVERY_ATTEMPTS = 24;
/** Seconds until the next attempt: 5, 10, 20 … at most six hours. */
const backOff = (attempts: number): number => Math.min(6 * 3600, 5 * 2 ** (attempts - 1)) * 1000;

const CLAIM = `
  update webhook w set lease = $3, leased_until = $4 from (
    select id from webhook where state = 'active' and next_attempt_at <= $1 and (leased_until is null or leased_until <= $1)
      and delivered_to < (select coalesce(max(id), 0) from event) order by next_attempt_at limit $2 for update skip locked) due
  where w.id = due.id
  returning w.id, organisation_id as "organisationId", url, secret_cipher as "secretCipher", kinds, delivered_to::text as "deliveredTo",
    attempts, lease`;

/** Takes leases on webhooks that are due, those that wait longest first. */
export async function leaseWebhooks({ db, clock }: LeaseDeps, lease: string, most: number): Promise<LeasedWebhook[]> {
  const now = clock.now();
  const [rows] = await inScope(db, 'system', (tx) =>
    tx.query<[LeasedWebhook[], number]>(CLAIM, [new Date(now), most, lease, new Date(now + LASTS)]),
  );
  return rows;
}

/**
 * The webhook stands behind an event that was taken, if it stands where it stood: a replay that was asked for meanwhile has set the place
 * back and stays, and another process may hold the lease. Then undefined, and the pass ends.
 */
export async function advanceLeased({ db, clock }: LeaseDeps, hook: LeasedWebhook, to: string): Promise<LeasedWebhook | undefined> {
  const [, moved] = await inScope(db, 'system', (tx) =>
    tx.query<[unknown[], number]>(
      `update webhook set delivered_to = $4, attempts = 0, next_attempt_at = $5
       where id = $1 and lease = $2 and delivered_to = $3 and state = 'active'`,
      [hook.id, hook.lease, hook.deliveredTo, to, new Date(clock.now())],
    ),
  );
  return moved === 1 ? { ...hook, deliveredTo: to, attempts: 0 } : undefined;
}

/** The next event was not taken: later again, or suspended; unless somebody has set the webhook anew meanwhile. */
export async function postponeLeased({ db, clock }: LeaseDeps, hook: LeasedWebhook): Promise<void> {
  const attempts = hook.attempts + 1;
  await inScope(db, 'system', (tx) =>
    tx.query(
      `update webhook set attempts = $5::int, next_attempt_at = $6, state = case when $5::int >= $7::int then 'suspended' else state end
       where id = $1 and lease = $2 and delivered_to = $3 and attempts = $4 and state = 'active'`,
      [hook.id, hook.lease, hook.deliveredTo, hook.attempts, attempts, new Date(clock.now() + backOff(attempts)), MOST_DELIVERY_ATTEMPTS],
    ),
  );
}

export const releaseLeased = ({ db }: LeaseDeps, { id, lease }: LeasedWebhook): Promise<unknown> =>
  inScope(db, 'system', (tx) => tx.query('update webhook set lease = null, leased_until = null where id = $1 and lease = $2', [id, lease]));
