import type { DataSource } from 'typeorm';
import type { Clock } from '../platform/clock.js';
import { inScope } from '../platform/database/in-scope.js';

interface LeaseDeps {
  readonly db: DataSource;
  readonly clock: Clock;
}

/** A webhook with a lease on it. The holder of the lease sends to it, from the webhook's place in the feed. */
export interface LeasedWebhook {
  readonly id: string;
  readonly organisationId: string;
  readonly url: string;
  readonly secretCipher: Buffer;
  readonly formerSecretCipher: Buffer | null;
  readonly formerUntil: Date | null;
  readonly kinds: string[] | null;
  readonly deliveredTo: string;
  /** Failed attempts at the next event. */
  readonly attempts: number;
  readonly lease: string;
}

/** Milliseconds of a lease, longer than a pass at one webhook. After it another process may take the webhook of one that died or hangs. */
const LASTS = 60_000;
/**
 * Attempts at one event, over some four days, after which a webhook is suspended. Nothing is lost, because it resumes at its place in the
 * feed.
 */
export const MOST_DELIVERY_ATTEMPTS = 24;
/** Seconds until the next attempt: 5, 10, 20 … at most six hours. */
const backOff = (attempts: number): number => Math.min(6 * 3600, 5 * 2 ** (attempts - 1)) * 1000;

/** How many may be sent to at once. */
export interface Lanes {
  readonly free: number;
  /** Of one organisation, in all processes: however many webhooks it has, and however slow they are, the others are served. */
  readonly each: number;
  /** Of those whose last attempt failed, in all processes: who answers finds the rest free. */
  readonly failing: number;
}

/** Those of organisations that are being sent to least come first, then those that wait longest. */
const CLAIM = `
  update webhook w set lease = $3, leased_until = $4 from (
    select id from webhook where (leased_until is null or leased_until <= $1) and id in (
      select id from (
        select id, turn, next_attempt_at, attempts > 0 as failing,
          row_number() over (partition by attempts > 0 order by turn, next_attempt_at)
            + (select count(*) from webhook b where b.leased_until > $1 and (b.attempts > 0) = (ranked.attempts > 0)) as place
        from (
          select id, attempts, next_attempt_at, row_number() over (partition by organisation_id order by next_attempt_at)
            + (select count(*) from webhook b where b.leased_until > $1 and b.organisation_id = due.organisation_id) as turn
          from webhook due where state = 'active' and next_attempt_at <= $1 and (leased_until is null or leased_until <= $1)
            and delivered_to < (select coalesce(max(id), 0) from event)
        ) ranked where turn <= $5
      ) placed where not failing or place <= $6 order by turn, next_attempt_at limit $2
    ) for update skip locked) due
  where w.id = due.id
  returning w.id, organisation_id as "organisationId", url, secret_cipher as "secretCipher",
    former_secret_cipher as "formerSecretCipher", former_until as "formerUntil", kinds, delivered_to::text as "deliveredTo",
    attempts, lease`;

/** Takes leases on webhooks that are due, as many as there are lanes for. */
export async function leaseWebhooks({ db, clock }: LeaseDeps, lease: string, { free, each, failing }: Lanes): Promise<LeasedWebhook[]> {
  const now = clock.now();
  const [rows] = await inScope(db, 'system', (tx) =>
    tx.query<[LeasedWebhook[], number]>(CLAIM, [new Date(now), free, lease, new Date(now + LASTS), each, failing]),
  );
  return rows;
}

/**
 * Moves the webhook's place behind an event that the receiver took, if the place is unchanged. A replay may have set the place back, or
 * another process may hold the lease: then the answer is undefined and the pass ends.
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

/** The same for what failed otherwise than at the receiver, at whatever event: else it would be due at once, before all others. */
export async function postponeBroken({ db, clock }: LeaseDeps, { id, lease, attempts }: LeasedWebhook): Promise<void> {
  const next = new Date(clock.now() + backOff(attempts + 1));
  await inScope(db, 'system', (tx) =>
    tx.query(
      `update webhook set attempts = attempts + 1, next_attempt_at = $3,
         state = case when attempts + 1 >= $4 then 'suspended' else state end where id = $1 and lease = $2 and state = 'active'`,
      [id, lease, next, MOST_DELIVERY_ATTEMPTS],
    ),
  );
}

export const releaseLeased = ({ db }: LeaseDeps, { id, lease }: LeasedWebhook): Promise<unknown> =>
  inScope(db, 'system', (tx) => tx.query('update webhook set lease = null, leased_until = null where id = $1 and lease = $2', [id, lease]));
