import type { Transaction } from '../platform/database/in-scope.js';
import type { LedgerDeps } from '../platform/ledger/streams.js';
import { holderOf } from '../organisations/succession.js';
import { lockOrders, passOn, showTo } from '../orders/orders.store.js';
import { ORDERS_LEFT, type ChangeRow } from './organisation-changes.store.js';

/** Orders re-routed in one transaction, at most. */
const OPEN_AT_ONCE = 50;
const CLOSED_AT_ONCE = 500;

interface Order {
  readonly id: string;
  readonly kind: 'order';
  readonly number: string;
}

/**
 * Tells the next unanswered orders 责令 to the school who stands in its place: one act each, by which that one answers. When all are told,
 * the next closed ones become visible to the successor. The orders whose processes are to be woken.
 */
export async function rerouteOrders(tx: Transaction, deps: LedgerDeps, change: ChangeRow): Promise<Order[]> {
  const to = await holderOf(tx, change.schoolId, deps.clock.now());
  if (!to) throw new Error('a closed school has a successor or an authority that acts for it');
  const open = await left(tx, change.id, `o.state in ('open','replied')`, OPEN_AT_ONCE);
  const ids = open.map(({ id }) => id);
  await Promise.all((await lockOrders(tx, ids)).map((loaded) => passOn(tx, deps, loaded, to, change.id)));
  const closed = open.length > 0 ? [] : await left(tx, change.id, `o.state not in ('open','replied')`, CLOSED_AT_ONCE);
  await showTo(
    tx,
    closed.map(({ id }) => id),
    [to.id, ...to.ladder],
  );
  await tx.query('update organisation_change set orders_moved = orders_moved + $2 where id = $1', [change.id, open.length]);
  return open;
}

/** By ascending id, and locked: one that is answered meanwhile is no longer left. */
const left = (tx: Transaction, changeId: string, condition: string, limit: number): Promise<Order[]> =>
  tx.query<Order[]>(
    `select o.id, 'order' as kind, o.number from organisation_change c join organisation s on s.id = c.school_id join supervision_order o
      on ${ORDERS_LEFT}
     where c.id = $1 and ${condition} order by o.id limit $2 for update of o`,
    [changeId, limit],
  );
