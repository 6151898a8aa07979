import type { Transaction } from '../database/in-scope.js';
import { dateAgain, type OrderActBody, type OrderState } from '../domain/order.js';
import type { LedgerDeps } from '../ledger/streams.js';
import type { Signature } from '../requests/acted-by.js';
import { lockOrder, recordOrderAct } from './order-store.js';

/** A request that has just been filed, as far as an order asks. */
export interface Filed {
  readonly requestId: string;
  readonly schoolId: string;
  readonly studentId: string;
  readonly kind: string;
}

/**
 * A filing by the school, for the student, of the kind that an order asks for answers it, in the transaction of the filing: nobody has
 * to name the order, and no process has to run. Returns the orders that were answered, whose processes are to be woken.
 */
export const answerOrders = (tx: Transaction, deps: LedgerDeps, { requestId, schoolId, studentId, kind }: Filed, by: Signature) =>
  onEach(tx, deps, by, () => ({ kind: 'filed', requestId }), {
    sql: `select id from supervision_order where student_id = $1 and kind = $2 and school_id = $3 and state in ('open','replied') order by id for update`,
    values: [studentId, kind, schoolId],
  });

/** A recalled filing answers nothing: the orders that it answered stand again. */
export const reopenOrders = (tx: Transaction, deps: LedgerDeps, requestId: string, by: Signature) =>
  onEach(tx, deps, by, (state) => ({ kind: 'reopened', requestId, dueDate: dateAgain(state, deps.clock.now()) }), {
    sql: `select id from supervision_order where request_id = $1 order by id for update`,
    values: [requestId],
  });

async function onEach(
  tx: Transaction,
  deps: LedgerDeps,
  by: Signature,
  actOf: (state: OrderState) => OrderActBody,
  { sql, values }: { sql: string; values: unknown[] },
): Promise<string[]> {
  const orders = await tx.query<{ id: string }[]>(sql, values);
  for (const { id } of orders) {
    const loaded = await lockOrder(tx, id);
    if (loaded) await recordOrderAct(tx, deps, loaded, actOf(loaded.state), { by });
  }
  return orders.map(({ id }) => id);
}
