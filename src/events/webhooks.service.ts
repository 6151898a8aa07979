import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { organisationsOf, type Caller } from '../platform/access/caller.js';
import { Cursors } from '../platform/http/cursor.js';
import { OnceOnly, type KeyedRequest } from '../platform/access/idempotency.js';
import { Problem } from '../platform/http/problem.js';
import { CLOCK, isoInShanghai, type Clock } from '../platform/clock.js';
import { FieldCipher } from '../platform/database/field-cipher.js';
import { inScope, type Transaction } from '../platform/database/in-scope.js';
import type { Actor } from '../domain/offices.js';
import { append, tipOf } from '../platform/ledger/streams.js';
import { administratorOf } from '../organisations/administrator.js';
import { newId } from '../platform/ledger/new-id.js';
import type { DeliveryPage, DeliveryQuery, DeliveryView, NewWebhook, NewWebhookView, Replay, WebhookView } from './webhooks.dto.js';

interface Row extends Omit<WebhookView, 'createdAt'> {
  createdAt: Date;
}

const WEBHOOK = `select id, organisation_id as "organisationId", url, kinds, state, delivered_to::text as "deliveredTo", attempts,
  created_at as "createdAt" from webhook`;
/** The organisations that an administrator keeps: the own ones and those directly below (A22). */
const KEPT = (orgs: string) => `(select id from organisation where id = any(${orgs}) or parent_id = any(${orgs}))`;
const view = (row: Row): WebhookView => ({ ...row, createdAt: isoInShanghai(row.createdAt.getTime()) });

/** Webhooks of an organisation, kept by its administrators with a record in the organisation's stream. */
@Injectable()
export class Webhooks {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly cipher: FieldCipher,
    private readonly once: OnceOnly,
    private readonly cursors: Cursors,
  ) {}

  list(caller: Caller): Promise<WebhookView[]> {
    return inScope(this.db, caller, async (tx) => {
      const rows = await tx.query<Row[]>(`${WEBHOOK} where organisation_id in ${KEPT('$1')} and state <> 'removed' order by id`, [
        organisationsOf(caller, 'orgAdmin'),
      ]);
      return rows.map(view);
    });
  }

  async add(caller: Caller, keyed: KeyedRequest, { organisationId, url, kinds }: NewWebhook): Promise<NewWebhookView> {
    const { answer } = await this.once.run(caller, keyed, async (tx, actor) => {
      const [kept] = await tx.query<unknown[]>(`select 1 where $2::uuid in ${KEPT('$1')}`, [
        organisationsOf(actor, 'orgAdmin'),
        organisationId,
      ]);
      if (!kept) throw new Problem('not-your-office');
      const id = newId();
      const secret = randomBytes(32).toString('base64');
      const now = new Date(this.clock.now());
      const [row] = await tx.query<{ last: string }[]>('select coalesce(max(id), 0)::text as last from event');
      await tx.query(
        `insert into webhook (id, organisation_id, url, secret_cipher, kinds, state, delivered_to, next_attempt_at, created_by, created_at)
         values ($1,$2,$3,$4,$5,'active',$6,$7,$8,$7)`,
        [
          id,
          organisationId,
          url,
          this.cipher.encrypt(secret, `webhook.secret:${id}`),
          kinds ?? null,
          row?.last ?? '0',
          now,
          actor.personId,
        ],
      );
      await this.act(tx, actor, organisationId, 'webhookAdded', id);
      return { ...(await this.one(tx, id)), secret };
    });
    return answer;
  }

  remove(caller: Caller, keyed: KeyedRequest, id: string): Promise<WebhookView> {
    return this.change(caller, keyed, id, 'webhookRemoved', `state = 'removed'`, []);
  }

  resume(caller: Caller, keyed: KeyedRequest, id: string): Promise<WebhookView> {
    const now = new Date(this.clock.now());
    return this.change(caller, keyed, id, 'webhookResumed', `state = 'active', attempts = 0, next_attempt_at = $2`, [now]);
  }

  replay(caller: Caller, keyed: KeyedRequest, id: string, { after }: Replay): Promise<WebhookView> {
    const now = new Date(this.clock.now());
    const set = 'delivered_to = least(delivered_to, $2::bigint), attempts = 0, next_attempt_at = $3';
    return this.change(caller, keyed, id, 'webhookReplayed', set, [after, now]);
  }

  async deliveries(caller: Caller, id: string, { cursor, limit }: DeliveryQuery): Promise<DeliveryPage> {
    const [before = null] = this.cursors.read('deliveries', cursor) ?? [];
    const rows = await inScope(this.db, caller, async (tx) => {
      await this.mine(tx, caller, id);
      return tx.query<(Omit<DeliveryView, 'at'> & { at: Date; id: string })[]>(
        `select id::text, event_id::text as "eventId", attempt, at, status, failure, milliseconds from webhook_delivery
         where webhook_id = $1 and ($2::bigint is null or id < $2) order by id desc limit $3`,
        [id, before, limit + 1],
      );
    });
    const { items, nextCursor } = this.cursors.page('deliveries', rows, limit, (row) => [row.id]);
    return { items: items.map(({ id: _, at, ...row }) => ({ ...row, at: isoInShanghai(at.getTime()) })), nextCursor };
  }

  private async change(
    caller: Caller,
    keyed: KeyedRequest,
    id: string,
    kind: string,
    set: string,
    values: unknown[],
  ): Promise<WebhookView> {
    const { answer } = await this.once.run(caller, keyed, async (tx, actor) => {
      const { organisationId } = await this.mine(tx, actor, id);
      await tx.query(`update webhook set ${set} where id = $1`, [id, ...values]);
      await this.act(tx, actor, organisationId, kind, id);
      return this.one(tx, id);
    });
    return answer;
  }

  /** @throws Problem not-found for a webhook of another's organisation */
  private async mine(tx: Transaction, actor: Actor, id: string): Promise<Row> {
    const [row] = await tx.query<Row[]>(`${WEBHOOK} where id = $1 and organisation_id in ${KEPT('$2')} and state <> 'removed'`, [
      id,
      organisationsOf(actor, 'orgAdmin'),
    ]);
    if (!row) throw new Problem('not-found');
    return row;
  }

  private async one(tx: Transaction, id: string): Promise<WebhookView> {
    const [row] = await tx.query<Row[]>(`${WEBHOOK} where id = $1`, [id]);
    if (!row) throw new Error(`no webhook ${id}`);
    return view(row);
  }

  /** Signed at the organisation whose administrator acts: that one itself, or the one directly above. */
  private async act(tx: Transaction, actor: Actor, organisationId: string, kind: string, webhookId: string): Promise<void> {
    const { by } = await administratorOf(tx, actor, organisationId);
    await append(tx, { clock: this.clock, cipher: this.cipher }, 'organisation', organisationId, await tipOf(tx, organisationId), {
      kind,
      by,
      body: { webhookId },
    });
  }
}
