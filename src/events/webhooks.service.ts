import { whyNotDelivered } from '../domain/messages/delivery-words.js';
import { FIELD_FAULTS } from '../domain/messages/field-faults.js';
import { randomBytes, randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { And, Equal, LessThan, Not, Raw, type DataSource, type FindOperator, type Repository } from 'typeorm';
import { organisationsOf, type Caller } from '../platform/access/caller.js';
import { Cursors } from '../platform/http/cursor.js';
import { OnceOnly, type KeyedRequest } from '../platform/access/idempotency.js';
import { told } from '../platform/http/language.js';
import { Problem } from '../platform/http/problem.js';
import { CLOCK, isoInShanghai, type Clock } from '../platform/clock.js';
import { CONFIG, type Config } from '../platform/config.js';
import { FieldCipher } from '../platform/database/field-cipher.js';
import { inScope, type Transaction } from '../platform/database/in-scope.js';
import type { Actor } from '../domain/offices.js';
import { appendNext } from '../platform/ledger/streams.js';
import { administratorOf } from '../organisations/administrator.js';
import { Organisation } from '../organisations/organisation.entity.js';
import { newId } from '../platform/ledger/new-id.js';
import { leadsInside, targetOf } from './addresses.js';
import { WebhookDelivery } from './webhook-delivery.entity.js';
import { Webhook } from './webhook.entity.js';
import { attempt, isDelivered, secretPlace } from './attempt.js';
import type {
  DeliveryPage,
  DeliveryQuery,
  NewSecret,
  NewWebhook,
  NewWebhookView,
  Replay,
  TestDeliveryView,
  WebhookChanges,
  WebhookView,
} from './webhooks.dto.js';

/** Each system of a school or an authority that wants to hear has one. */
const MOST_WEBHOOKS = 10;

/** The organisations of an administrator: the own ones and those directly below (A22). */
const keptBy = (actor: Actor): FindOperator<string> =>
  Raw((column) => `${column} in (select id from organisation where id = any(:mine) or parent_id = any(:mine))`, {
    mine: organisationsOf(actor, 'orgAdmin'),
  });

const view = (hook: Webhook, now: number): WebhookView => {
  const { id, organisationId, url, kinds, state, deliveredTo, attempts, createdAt, nextAttemptAt, formerUntil } = hook;
  return {
    id,
    organisationId,
    url,
    kinds,
    state,
    deliveredTo,
    attempts,
    nextAttemptAt: state === 'active' && attempts > 0 ? isoInShanghai(nextAttemptAt.getTime()) : null,
    formerSecretUntil: formerUntil && formerUntil.getTime() > now ? isoInShanghai(formerUntil.getTime()) : null,
    createdAt: isoInShanghai(createdAt.getTime()),
  };
};

const reasonOf = (attempt: Parameters<typeof whyNotDelivered>[0]): string | null => {
  const why = whyNotDelivered(attempt);
  return why ? told(why) : null;
};

const HOUR = 3_600_000;
const newSecret = (): string => randomBytes(32).toString('base64');

/** Webhooks of an organisation, kept by its administrators with a record in the organisation's stream. */
@Injectable()
export class Webhooks {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
    private readonly cipher: FieldCipher,
    private readonly once: OnceOnly,
    private readonly cursors: Cursors,
  ) {}

  list(caller: Caller): Promise<WebhookView[]> {
    return inScope(this.db, caller, async (tx) => {
      const where = { organisationId: keptBy(caller), state: Not('removed' as const) };
      return (await tx.of(Webhook).find({ where, order: { id: 'ASC' } })).map((one) => view(one, this.clock.now()));
    });
  }

  /** The secret is in the first answer alone: what is kept for a repetition does not hold it. */
  async add(caller: Caller, keyed: KeyedRequest, { organisationId, url, kinds }: NewWebhook): Promise<NewWebhookView> {
    let shown: string | undefined;
    const address = await this.addressOf(url);
    const { answer, replayed } = await this.once.run(caller, keyed, async (tx, actor) => {
      const kept = await tx.of(Organisation).existsBy({ id: And(Equal(organisationId), keptBy(actor)) });
      if (!kept) throw new Problem('not-your-office');
      const id = newId();
      const secret = newSecret();
      const now = new Date(this.clock.now());
      const [row] = await tx.query<{ last: string }[]>('select coalesce(max(id), 0)::text as last from event');
      await tx.of(Webhook).insert({
        id,
        organisationId,
        url: address,
        secretCipher: this.cipher.encrypt(secret, secretPlace(id)),
        kinds: kinds ?? null,
        state: 'active',
        deliveredTo: row?.last ?? '0',
        nextAttemptAt: now,
        createdBy: actor.personId,
        createdAt: now,
      });
      await this.act(tx, actor, organisationId, 'webhookAdded', id);
      // The act is the next of the organisation's stream, so nobody else's is added between this count and the commit.
      if ((await tx.of(Webhook).countBy({ organisationId, state: Not('removed' as const) })) > MOST_WEBHOOKS)
        throw new Problem('too-many-webhooks', { facts: { most: MOST_WEBHOOKS } });
      shown = secret;
      return this.one(tx, id);
    });
    return { ...answer, secret: shown ?? null, shownBefore: replayed };
  }

  /** The address as it will be used. @throws Problem invalid-input for one of an inner network, where those are not reached */
  private async addressOf(url: string): Promise<string> {
    const target = targetOf(url);
    if (!target || (this.config.webhookReach === 'public' && (await leadsInside(target))))
      throw new Problem('invalid-input', { errors: [{ pointer: '/url', detail: FIELD_FAULTS.notPublic }] });
    return target.href;
  }

  /** A changed address or a webhook that goes on is tried at once. @throws Problem invalid-input for an address of an inner network */
  async reset(caller: Caller, keyed: KeyedRequest, id: string, { url, kinds, paused }: WebhookChanges): Promise<WebhookView> {
    const address = url === undefined ? undefined : await this.addressOf(url);
    const state = paused === undefined ? undefined : paused ? ('paused' as const) : ('active' as const);
    const isDueNow = address !== undefined || paused === false;
    return this.change(caller, keyed, id, 'webhookChanged', async (webhooks) => {
      const hook = await webhooks.findOneByOrFail({ id });
      const changed = { url: address ?? hook.url, kinds: kinds === undefined ? hook.kinds : kinds, state: state ?? hook.state };
      await webhooks.update({ id }, { ...changed, ...(isDueNow ? this.atOnce() : {}) });
    });
  }

  /** The secret is in the first answer alone. */
  async rotate(caller: Caller, keyed: KeyedRequest, id: string, { overlapHours }: NewSecret): Promise<NewWebhookView> {
    const secret = newSecret();
    const { answer, replayed } = await this.once.run(caller, keyed, async (tx, actor) => {
      const { organisationId, secretCipher } = await this.mine(tx, actor, id);
      const overlaps = overlapHours > 0;
      await tx.of(Webhook).update(
        { id },
        {
          secretCipher: this.cipher.encrypt(secret, secretPlace(id)),
          formerSecretCipher: overlaps ? secretCipher : null,
          formerUntil: overlaps ? new Date(this.clock.now() + overlapHours * HOUR) : null,
        },
      );
      await this.act(tx, actor, organisationId, 'webhookSecretRotated', id);
      return this.one(tx, id);
    });
    return { ...answer, secret: replayed ? null : secret, shownBefore: replayed };
  }

  /** The very way of an event: address, signature, time limit and log. No transaction is open while the receiver is waited for. */
  async test(caller: Caller, id: string): Promise<TestDeliveryView> {
    const hook = await inScope(this.db, caller, (tx) => this.mine(tx, caller, id));
    const name = `test-${randomUUID()}`;
    const at = isoInShanghai(this.clock.now());
    const event = { id: name, requestId: null, number: null, kind: 'test', act: 'test', seq: 0, at, data: {} };
    const deps = { clock: this.clock, cipher: this.cipher, reach: this.config.webhookReach };
    const attempted = await attempt(deps, hook, name, event);
    const { status = null, failure = null, milliseconds } = attempted;
    await inScope(this.db, 'system', (tx) =>
      tx
        .of(WebhookDelivery)
        .insert({ webhookId: id, at: new Date(this.clock.now()), eventId: '0', attempt: 1, status, failure, milliseconds }),
    );
    return { delivered: isDelivered(attempted), webhookId: `${id}.${name}`, status, failure, reason: reasonOf(attempted), milliseconds };
  }

  remove(caller: Caller, keyed: KeyedRequest, id: string): Promise<WebhookView> {
    return this.change(caller, keyed, id, 'webhookRemoved', (webhooks) => webhooks.update({ id }, { state: 'removed' }));
  }

  resume(caller: Caller, keyed: KeyedRequest, id: string): Promise<WebhookView> {
    return this.change(caller, keyed, id, 'webhookResumed', (webhooks) => webhooks.update({ id }, { state: 'active', ...this.atOnce() }));
  }

  /** Goes back to an event, and never forward. */
  replay(caller: Caller, keyed: KeyedRequest, id: string, { after }: Replay): Promise<WebhookView> {
    const back = { deliveredTo: () => 'least(delivered_to, cast(:after as bigint))', ...this.atOnce() };
    return this.change(caller, keyed, id, 'webhookReplayed', (webhooks) =>
      webhooks.createQueryBuilder().update().set(back).where({ id }).setParameters({ after }).execute(),
    );
  }

  private atOnce(): Pick<Webhook, 'attempts' | 'nextAttemptAt'> {
    return { attempts: 0, nextAttemptAt: new Date(this.clock.now()) };
  }

  async deliveries(caller: Caller, id: string, { cursor, limit }: DeliveryQuery): Promise<DeliveryPage> {
    const [before = null] = this.cursors.read('deliveries', cursor) ?? [];
    const rows = await inScope(this.db, caller, async (tx) => {
      await this.mine(tx, caller, id);
      const where = before === null ? { webhookId: id } : { webhookId: id, id: LessThan(before) };
      return tx.of(WebhookDelivery).find({ where, order: { id: 'DESC' }, take: limit + 1 });
    });
    const { items, nextCursor } = this.cursors.page('deliveries', rows, limit, (row) => [row.id]);
    const told = items.map(({ id: _, webhookId: __, at, ...row }) => ({
      ...row,
      reason: reasonOf(row),
      at: isoInShanghai(at.getTime()),
    }));
    return { items: told, nextCursor };
  }

  private async change(
    caller: Caller,
    keyed: KeyedRequest,
    id: string,
    kind: string,
    work: (webhooks: Repository<Webhook>) => Promise<unknown>,
  ): Promise<WebhookView> {
    const { answer } = await this.once.run(caller, keyed, async (tx, actor) => {
      const { organisationId } = await this.mine(tx, actor, id);
      await work(tx.of(Webhook));
      await this.act(tx, actor, organisationId, kind, id);
      return this.one(tx, id);
    });
    return answer;
  }

  /** @throws Problem not-found for a webhook of another's organisation */
  private async mine(tx: Transaction, actor: Actor, id: string): Promise<Webhook> {
    const webhook = await tx.of(Webhook).findOneBy({ id, organisationId: keptBy(actor), state: Not('removed' as const) });
    if (!webhook) throw new Problem('not-found');
    return webhook;
  }

  private async one(tx: Transaction, id: string): Promise<WebhookView> {
    return view(await tx.of(Webhook).findOneByOrFail({ id }), this.clock.now());
  }

  /** Signed at the organisation whose administrator acts: that one itself, or the one directly above. */
  private async act(tx: Transaction, actor: Actor, organisationId: string, kind: string, webhookId: string): Promise<void> {
    const { by } = await administratorOf(tx, actor, organisationId);
    await appendNext(tx, { clock: this.clock, cipher: this.cipher }, 'organisation', organisationId, {
      kind,
      by,
      body: { webhookId },
    });
  }
}
