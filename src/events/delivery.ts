import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import type { Clock } from '../platform/clock.js';
import type { FieldCipher } from '../platform/database/field-cipher.js';
import { inScope } from '../platform/database/in-scope.js';
import { eventsAfter } from './events.store.js';
import type { EventView } from './events.dto.js';
import { leaseWebhooks, advanceLeased, postponeBroken, postponeLeased, releaseLeased, type LeasedWebhook } from './leases.js';
import type { WebhookReach } from './addresses.js';
import { attempt, isDelivered, type Attempted } from './attempt.js';

export interface DeliveryDeps {
  readonly db: DataSource;
  readonly clock: Clock;
  readonly cipher: FieldCipher;
  readonly reach: WebhookReach;
  readonly log: Logger;
}

const EVENTS_AT_ONCE = 50;
const LANES_EACH = 2;

/**
 * Sends every due event to every webhook, in the order of the feed. A slow receiver keeps one lane for a limited time. Of one organisation
 * two are sent to at once, and those that failed take half of the lanes at most, so nobody waits for another's. One process at a time sends
 * to a webhook, because it holds its lease.
 */
export class Deliveries {
  private readonly underway = new Set<Promise<void>>();
  private stopped = false;

  /** @param longest milliseconds after which a webhook makes room for the next that is due */
  constructor(
    private readonly deps: DeliveryDeps,
    private readonly lanes = 32,
    private readonly longest = 20_000,
  ) {}

  /** Takes up what is due as far as lanes are free, and does not wait for it; how many it took up. */
  async pass(): Promise<number> {
    const free = this.lanes - this.underway.size;
    const lanes = { free, each: LANES_EACH, failing: Math.max(1, Math.floor(this.lanes / 2)) };
    const hooks = free > 0 ? await leaseWebhooks(this.deps, randomUUID(), lanes) : [];
    for (const hook of hooks) {
      const sending = this.send(hook)
        .catch((error: unknown) => this.deps.log.error({ err: error, webhook: hook.id }, 'a webhook could not be served'))
        .finally(() => this.underway.delete(sending));
      this.underway.add(sending);
    }
    return hooks.length;
  }

  /** Lets each webhook finish the event that it is at. */
  stop(): Promise<void> {
    this.stopped = true;
    return this.settled();
  }

  /** Resolves when nothing is under way. */
  async settled(): Promise<void> {
    while (this.underway.size > 0) await Promise.all(this.underway);
  }

  private async send(hook: LeasedWebhook): Promise<void> {
    const end = performance.now() + this.longest;
    try {
      let stands: LeasedWebhook | undefined = hook;
      do stands = await this.page(stands, end);
      while (stands && !this.over(end));
    } catch (error) {
      await postponeBroken(this.deps, hook);
      throw error;
    } finally {
      await releaseLeased(this.deps, hook);
    }
  }

  private over(end: number): boolean {
    return this.stopped || performance.now() >= end;
  }

  /** The next events of one webhook, until one of them is not taken; where it then stands, if there may be more. */
  private async page(hook: LeasedWebhook, end: number): Promise<LeasedWebhook | undefined> {
    const { organisationId, kinds, deliveredTo } = hook;
    const page = await inScope(this.deps.db, 'system', (tx) =>
      eventsAfter(tx, [organisationId], { after: deliveredTo, kinds, limit: EVENTS_AT_ONCE }),
    );
    let stands: LeasedWebhook | undefined = hook;
    for (const event of page.items) {
      stands = await this.one(stands, event);
      if (!stands || this.over(end)) return stands;
    }
    if (page.after === stands.deliveredTo) return undefined;
    stands = await advanceLeased(this.deps, stands, page.after); // past what is not for it
    return page.after === deliveredTo ? undefined : stands;
  }

  private async one(hook: LeasedWebhook, event: EventView): Promise<LeasedWebhook | undefined> {
    const attempted = await attempt(this.deps, hook, event.id, event);
    await this.logged(hook, event, attempted);
    if (isDelivered(attempted)) return advanceLeased(this.deps, hook, event.id);
    await postponeLeased(this.deps, hook);
    return undefined;
  }

  private logged(hook: LeasedWebhook, event: EventView, { status, failure, milliseconds }: Attempted): Promise<unknown> {
    const { db, clock } = this.deps;
    return inScope(db, 'system', (tx) =>
      tx.query(
        'insert into webhook_delivery (webhook_id, at, event_id, attempt, status, failure, milliseconds) values ($1,$2,$3,$4,$5,$6,$7)',
        [hook.id, new Date(clock.now()), event.id, hook.attempts + 1, status ?? null, failure ?? null, milliseconds],
      ),
    );
  }
}
