import { FIELD_FAULTS } from '../domain/messages/field-faults.js';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { type Caller } from '../platform/access/caller.js';
import { Cursors } from '../platform/http/cursor.js';
import { OnceOnly, type KeyedRequest } from '../platform/access/idempotency.js';
import { Problem, refuse } from '../platform/http/problem.js';
import { beyond, inScope, type Transaction } from '../platform/database/in-scope.js';
import { orderRefusal, repliersOf, type OrderActBody, type OrderMove } from '../domain/case/order.js';
import { handlingAt, type Actor } from '../domain/offices.js';
import { addDays, dateOf } from '../domain/working-days.js';
import { holderOf } from '../organisations/succession.js';
import { actedBy } from '../platform/ledger/acted-by.js';
import { enterFiling } from '../cases/cases.store.js';
import { CaseContext } from '../cases/case-context.js';
import { PolicyStore } from '../policies/policies.store.js';
import { Wakes } from '../cases/wakes.js';
import { lockOrder, placeOrder, recordOrderAct } from './orders.store.js';
import type { OrderDetail, OrderPage, OrderQuery, OrderView, PlaceOrder, ReplyToOrder, RuleOnReply, WithdrawOrder } from './orders.dto.js';
import { oneOrder, ORDER_ROW, orderDetail, orderView, type OrderRow } from './orders.views.js';
import { orderedSchool, orderedStudent } from './ordered.js';

const A_YEAR = 366;

/**
 * Orders 责令 (A18, Art 5). An authority above a school orders it to file a change for a student, or to act on findings, by a date. The
 * school files (see answering.ts), or replies in writing; the authority accepts or refuses the reply.
 */
@Injectable()
export class Orders {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly context: CaseContext,
    private readonly policies: PolicyStore,
    private readonly once: OnceOnly,
    private readonly cursors: Cursors,
    private readonly wakes: Wakes,
  ) {}

  /** @throws Problem already-filed when such a request of the school is open already */
  async place(caller: Caller, keyed: KeyedRequest, body: PlaceOrder): Promise<OrderView> {
    const { answer } = await this.once.run(caller, keyed, async (tx, actor) => {
      const now = this.context.clock.now();
      const school = await orderedSchool(tx, actor, body.schoolId, dateOf(now));
      this.mustBeAhead(body.dueDate);
      // A filing of the same instant has committed, and is seen, or waits and finds the order.
      if (body.studentId) await enterFiling(tx, 'order', [body.studentId]);
      await orderedStudent(tx, school, body);
      const [holder, policy] = await Promise.all([
        holderOf(tx, school.id, now),
        this.policies.inForce(tx, school.provinceId ?? undefined, dateOf(now)),
      ]);
      const { authorityId } = school;
      const ladder = (holder?.ladder ?? []).filter((id) => id !== authorityId);
      const by = actedBy(actor, { office: 'authoritySupervisor', organisationId: authorityId });
      const about = { authorityId, schoolId: school.id, studentId: body.studentId, changeKind: body.kind, seenBy: school.seenBy };
      const placed = { ...about, dueDate: body.dueDate, ladder, escalate: policy.escalate };
      const id = await placeOrder(tx, this.context, placed, { findings: body.findings, by });
      return oneOrder(tx, id, now);
    });
    this.wake(answer.id, 'ordered');
    return answer;
  }

  reply(caller: Caller, keyed: KeyedRequest, id: string, { reply }: ReplyToOrder): Promise<OrderView> {
    return this.move(caller, keyed, id, 'reply', { kind: 'replied' }, { reply });
  }

  rule(caller: Caller, keyed: KeyedRequest, id: string, { verdict, note, dueDate }: RuleOnReply): Promise<OrderView> {
    if (dueDate !== undefined) this.mustBeAhead(dueDate);
    const act: OrderActBody = verdict === 'refuse' ? { kind: 'ruled', verdict, dueDate: dueDate ?? '' } : { kind: 'ruled', verdict };
    return this.move(caller, keyed, id, 'rule', act, { note });
  }

  withdraw(caller: Caller, keyed: KeyedRequest, id: string, { reason }: WithdrawOrder): Promise<OrderView> {
    return this.move(caller, keyed, id, 'withdraw', { kind: 'withdrawn' }, { reason });
  }

  show(caller: Caller, id: string): Promise<OrderDetail> {
    return inScope(this.db, caller, async (tx) => {
      await this.mustSee(tx, caller, id);
      return orderDetail(tx, this.context.cipher, id, this.context.clock.now());
    });
  }

  async list(caller: Caller, { state, escalated, cursor, limit }: OrderQuery): Promise<OrderPage> {
    const [orderedAt = null, id = null] = this.cursors.read('orders', cursor) ?? [];
    const rows = await inScope(this.db, caller, (tx) =>
      beyond(tx, 'orderedStudent', () =>
        tx.query<OrderRow[]>(
          `${ORDER_ROW} where o.seen_by && $1 and ($2::text is null or o.state = $2) and ($3::boolean is null
            or $3 = (o.escalated_to && $1))
           and ($4::timestamptz is null or (o.ordered_at, o.id) < ($4, $5::uuid)) order by o.ordered_at desc, o.id desc limit $6`,
          [handlingAt(caller), state ?? null, escalated ?? null, orderedAt, id, limit + 1],
        ),
      ),
    );
    const page = this.cursors.page('orders', rows, limit, (row) => [row.orderedAt.toISOString(), row.id]);
    return { ...page, items: page.items.map((row) => orderView(row, this.context.clock.now())) };
  }

  private async move(
    caller: Caller,
    keyed: KeyedRequest,
    id: string,
    move: OrderMove,
    act: OrderActBody,
    texts: Readonly<Record<string, string>>,
  ): Promise<OrderView> {
    const { answer } = await this.once.run(caller, keyed, async (tx, actor) => {
      await this.mustSee(tx, actor, id);
      const loaded = await lockOrder(tx, id);
      if (!loaded) throw new Problem('not-found');
      refuse(orderRefusal(loaded.state, move, actor));
      const { authorityId } = loaded.state;
      const offices =
        move === 'reply' ? repliersOf(loaded.state) : [{ office: 'authoritySupervisor' as const, organisationId: authorityId }];
      const by = actedBy(actor, ...offices);
      await recordOrderAct(tx, this.context, loaded, act, { by, texts });
      return oneOrder(tx, id, this.context.clock.now());
    });
    this.wake(id, act.kind);
    return answer;
  }

  private wake(id: string, kind: string): void {
    this.wakes.wake({ requestId: id, kind, of: 'order' });
  }

  private mustBeAhead(dueDate: string): void {
    const today = dateOf(this.context.clock.now());
    if (dueDate < today || dueDate > addDays(today, A_YEAR))
      throw new Problem('invalid-input', { errors: [{ pointer: '/dueDate', detail: FIELD_FAULTS.withinYear }] });
  }

  private async mustSee(tx: Transaction, actor: Actor, id: string): Promise<void> {
    const [seen] = await tx.query<unknown[]>('select 1 from supervision_order where id = $1 and seen_by && $2', [id, handlingAt(actor)]);
    if (!seen) throw new Problem('not-found');
  }
}
