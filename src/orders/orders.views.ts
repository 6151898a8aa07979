import { isoInShanghai } from '../platform/clock.js';
import type { FieldCipher } from '../platform/database/field-cipher.js';
import { beyond, type Transaction } from '../platform/database/in-scope.js';
import { isOverdue, type OrderStatus } from '../domain/case/order.js';
import { readStream, readTexts } from '../platform/ledger/streams.js';
import type { OrganisationName } from '../organisations/organisations.dto.js';
import { ORGANISATION_NAME } from '../organisations/organisations.store.js';
import { actorsOf } from '../organisations/actors.js';
import type { OrderDetail, OrderEntry, OrderView } from './orders.dto.js';

export interface OrderRow extends Omit<OrderView, 'orderedAt' | 'closedAt' | 'overdue'> {
  orderedAt: Date;
  closedAt: Date | null;
}

export const ORDER_ROW = `
  select o.id, o.number, o.state, o.kind, o.student_id as "studentId", s.masked_name as "maskedName", o.request_id as "requestId",
    ${ORGANISATION_NAME('a')} as authority, ${ORGANISATION_NAME('c')} as school, case when g.id is null then null
      else ${ORGANISATION_NAME('g')} end as "actingAuthority",
    to_char(o.due_date, 'YYYY-MM-DD') as "dueDate",
    o.ordered_at as "orderedAt", o.closed_at as "closedAt",
    (select coalesce(jsonb_agg(${ORGANISATION_NAME('e')} order by u.nth), '[]')
     from unnest(o.escalated_to) with ordinality as u (id, nth) join organisation e on e.id = u.id) as "escalatedTo"
  from supervision_order o join organisation a on a.id = o.authority_id join organisation c on c.id = o.school_id
    left join organisation g on g.id = o.acting_id left join student s on s.id = o.student_id`;

export const orderView = ({ orderedAt, closedAt, ...row }: OrderRow, now: number): OrderView => ({
  ...row,
  overdue: isOverdue(row.state as OrderStatus, row.dueDate, now),
  orderedAt: isoInShanghai(orderedAt.getTime()),
  closedAt: closedAt && isoInShanghai(closedAt.getTime()),
});

/** The order as one answer. */
export async function oneOrder(tx: Transaction, id: string, now: number): Promise<OrderView> {
  const [row] = await beyond(tx, 'orderedStudent', () => tx.query<OrderRow[]>(`${ORDER_ROW} where o.id = $1`, [id]));
  if (!row) throw new Error(`no order ${id}`);
  return orderView(row, now);
}

/** To whom the order passed when its school ended. */
const FOLLOWERS = `
  select a.seq, ${ORGANISATION_NAME('o')} as "to" from act a join organisation o on o.id = (a.body ->> 'to')::uuid where a.stream_id = $1
    and a.kind = 'rerouted'`;

/** The order with its story and the texts that have not been erased. */
export async function orderDetail(tx: Transaction, cipher: FieldCipher, id: string, now: number): Promise<OrderDetail> {
  const [view, acts, followers, texts, by] = await Promise.all([
    oneOrder(tx, id, now),
    readStream(tx, id),
    tx.query<{ seq: number; to: OrganisationName }[]>(FOLLOWERS, [id]),
    readTexts(tx, cipher, id),
    actorsOf(tx, id),
  ]);
  const timeline = acts.map(({ seq, kind, at, body }): OrderEntry => {
    const { verdict, dueDate, requestId, level } = body as Partial<OrderEntry>;
    return {
      seq,
      kind,
      at: isoInShanghai(at),
      verdict,
      dueDate,
      requestId,
      level,
      by: by.get(seq),
      to: followers.find((one) => one.seq === seq)?.to,
      ...(level ? { escalatedTo: view.escalatedTo[level - 1] } : {}),
      ...texts.get(seq),
    };
  });
  return { ...view, findings: timeline[0]?.findings ?? null, timeline };
}
