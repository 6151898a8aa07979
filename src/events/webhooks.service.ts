import { FIELD_FAULTS } from '../domain/messages/field-faults.js';
import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { And, Equal, LessThan, Not, Raw, type DataSource, type FindOperator, type Repository } from 'typeorm';
import { organisationsOf, type Caller } from '../platform/access/caller.js';
import { Cursors } from '../platform/http/cursor.js';
import { OnceOnly, type KeyedRequest } from '../platform/access/idempotency.js';
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
import type { DeliveryPage, DeliveryQuery, NewWebhook, NewWebhookView, Replay, WebhookView } from './webhooks.dto.js';

/** Each system of a school or an authority that wants to hear has one. */
const MOST_WEBHOOKS = 10;

/** The organisations of an administrator: the own ones and those directly below (A22). */
const keptBy = (actor: Actor): FindOperator<string> =>
  Raw((column) => `${column} in (select id from organisation where id = any(:mine) or parent_id = any(:mine))`, {
    mine: organisationsOf(actor, 'orgAdmin'),
  });

const view = ({ id, organisationId, url, kinds, state, deliveredTo, attempts, createdAt }: Webhook): WebhookView => ({
  id,
  organisationId,
  url,
  kinds,
  state,
  deliveredTo,
  attempts,
  createdAt: isoInShanghai(createdAt.getTime()),
});

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
      return (await tx.of(Webhook).find({ where, order: { id: 'ASC' } })).map(view);
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
      const secret = randomBytes(32).toString('base64');
      const now = new Date(this.clock.now());
      const [row] = await tx.query<{ last: string }[]>('select coalesce(max(id), 0)::text as last from event');
      await tx.of(Webhook).insert({
        id,
        organisationId,
        url: address,
        secretCipher: this.cipher.encrypt(secret, `webhook.secret:${id}`),
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
    const told = items.map(({ id: _, webhookId: __, at, ...row }) => ({ ...row, at: isoInShanghai(at.getTime()) }));
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
    return view(await tx.of(Webhook).findOneByOrFail({ id }));
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
