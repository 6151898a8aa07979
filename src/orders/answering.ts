import type { Transaction } from '../platform/database/in-scope.js';
import type { OpenTask } from '../domain/case/case.js';
import { dateAgain } from '../domain/case/order.js';
import type { LedgerDeps } from '../platform/ledger/streams.js';
import { holderOf, type LivingHolder } from '../organisations/succession.js';
import type { Signature } from '../platform/ledger/acted-by.js';
import { lockOrders, passOn, recordOrderAct, type LoadedOrder } from './orders.store.js';

/** A request that has just been filed, with the members that an order asks for. */
export interface Filed {
  readonly id: string;
  readonly kind: string;
  readonly student: { readonly id: string };
  readonly route: { readonly filer: { readonly organisationId: string } };
  readonly by: Signature;
}

/** An order under its lock, and who stands in its school's place today. */
interface Concerned {
  readonly studentId: string | null;
  readonly order: LoadedOrder;
  readonly holder: LivingHolder | undefined;
}

/**
 * A filing for the student, of the kind that an order asks for, answers the order in its own transaction. The school or its successor
 * files. Nobody names the order, and no process has to run. Returns, by the request's id, the orders that it answered, whose processes are
 * to be woken.
 */
export async function answerOrders(tx: Transaction, deps: LedgerDeps, filed: readonly Filed[]): Promise<Map<string, string[]>> {
  const answered = new Map<string, string[]>();
  await onEach(
    tx,
    deps,
    async ({ studentId, order, holder }) => {
      const filing = filed.find(({ student }) => student.id === studentId);
      if (!filing || holder?.id !== filing.route.filer.organisationId) return false;
      const { id: requestId, by } = filing;
      await recordOrderAct(tx, deps, await passOn(tx, deps, order, holder), { kind: 'filed', requestId }, { by });
      answered.set(requestId, [...(answered.get(requestId) ?? []), order.id]);
      return true;
    },
    `select id, student_id as "studentId" from supervision_order where student_id = any($1) and kind = $2 and state in ('open','replied')
     order by id for update`,
    [filed.map(({ student }) => student.id), filed[0]?.kind],
  );
  return answered;
}

const ANSWERED_BY = `select id, student_id as "studentId" from supervision_order where request_id = $1 order by id for update`;

/** A recalled or cancelled filing answers nothing: the orders that it answered stand again. */
export const reopenOrders = (tx: Transaction, deps: LedgerDeps, requestId: string, by: Signature): Promise<string[]> =>
  onEach(tx, deps, (one) => standsAgain(tx, deps, one, requestId, by), ANSWERED_BY, [requestId]);

/**
 * Nor does a filing that its own school rejects, or filing and rejecting would be a way around every order. Who else rejects it has judged
 * what was ordered: that is put on the order's record, for the authority that ordered (decision 0010).
 */
export const rejectionOnOrders = (tx: Transaction, deps: LedgerDeps, requestId: string, task: OpenTask, by: Signature): Promise<string[]> =>
  onEach(
    tx,
    deps,
    async (one) => {
      const own = one.holder?.id === task.holder && one.holder.onBehalfOf === task.onBehalfOf;
      if (own) return standsAgain(tx, deps, one, requestId, by);
      await recordOrderAct(tx, deps, one.order, { kind: 'filingRejected', requestId }, { by });
      return true;
    },
    ANSWERED_BY,
    [requestId],
  );

/** The school may have gone while the order was answered: then it stands again with whoever followed it. */
async function standsAgain(
  tx: Transaction,
  deps: LedgerDeps,
  { order, holder }: Concerned,
  requestId: string,
  by: Signature,
): Promise<true> {
  const dueDate = dateAgain(order.state, deps.clock.now());
  const again = await recordOrderAct(tx, deps, order, { kind: 'reopened', requestId, dueDate }, { by });
  if (holder) await passOn(tx, deps, again, holder);
  return true;
}

/** The ids of the orders that moved. */
async function onEach(
  tx: Transaction,
  deps: LedgerDeps,
  move: (one: Concerned) => Promise<boolean>,
  sql: string,
  values: unknown[],
): Promise<string[]> {
  const asked = await tx.query<{ id: string; studentId: string | null }[]>(sql, values);
  if (asked.length === 0) return [];
  const students = new Map(asked.map(({ id, studentId }) => [id, studentId]));
  const orders = await lockOrders(
    tx,
    asked.map(({ id }) => id),
  );
  const moved = orders.map(async (order) => {
    const holder = await holderOf(tx, order.state.schoolId, deps.clock.now());
    return (await move({ studentId: students.get(order.id) ?? null, order, holder })) ? [order.id] : [];
  });
  return (await Promise.all(moved)).flat();
}
