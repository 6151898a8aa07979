import type { Transaction } from '../platform/database/in-scope.js';
import { climbsOf, orderOf } from '../domain/case/order.js';
import { calendarFor } from '../domain/working-days.js';
import type { CaseDeps } from '../cases/cases.store.js';
import { asOrderAct } from '../orders/orders.store.js';
import type { Changed } from './nearer-wakes.js';
import { storiesOf } from './nearer-wakes.js';
import { FIRST } from './moved-tasks.js';

interface Asleep {
  id: string;
  wakeAt: Date;
}

/** The next unanswered orders 责令 with a changed day ($2 to $3) between their date and the next escalation. */
const asleepAfter = (size: number): string => `
  select id, next_wake_at as "wakeAt" from supervision_order
  where state = 'open' and id > $1 and next_wake_at is not null and due_date < $3::date
    and (next_wake_at at time zone 'Asia/Shanghai')::date >= $2::date
  order by id limit ${size}`;

const NEARER = `
  update supervision_order o set next_wake_at = n.at from jsonb_to_recordset($1) as n (id uuid, at timestamptz)
  where o.id = n.id and o.next_wake_at > n.at returning o.id`;

/** Orders whose next climb comes nearer than what their process sleeps towards: found and put down as `nearerAfter` does with cases. */
export async function nearerOrdersAfter(
  tx: Transaction,
  { calendar }: CaseDeps,
  after: string | null,
  size: number,
  { from, through }: Changed,
): Promise<{ last: string | null; nearer: string[] }> {
  const asleep = await tx.query<Asleep[]>(asleepAfter(size), [after ?? FIRST, from, through]);
  const last = asleep.at(-1);
  if (!last) return { last: null, nearer: [] };
  const [calendars, stories] = [await calendar.current(tx), await storiesOf(tx, asleep.map(({ id }) => id))]; // prettier-ignore
  const moved = asleep.flatMap(({ id, wakeAt }) => {
    const state = orderOf((stories.get(id) ?? []).map(asOrderAct));
    const { schoolId: holder, ladder, authorityId } = state;
    const [next] = climbsOf(state, calendarFor(calendars, { holder, ladder: [...ladder, authorityId] }), id);
    return next && next.at < wakeAt.getTime() ? [{ id, at: new Date(next.at).toISOString() }] : [];
  });
  const [rows] = (await tx.query(NEARER, [JSON.stringify(moved)])) as unknown as [{ id: string }[], number];
  return { last: last.id, nearer: rows.map(({ id }) => id) };
}
