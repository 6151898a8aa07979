import { activityInfo } from '@temporalio/activity';
import { inScope, type Transaction } from '../src/platform/database/in-scope.js';
import { answererOf, climbsOf, type Climb, type OrderStatus } from '../src/domain/case/order.js';
import { calendarFor } from '../src/domain/working-days.js';
import { lockOrder, recordOrderAct, type LoadedOrder } from '../src/orders/orders.store.js';
import type { ProcessDeps } from './perform.js';
import { namesOf, type OrganisationNames } from './reading.js';

/** What a run learns of its order from the ledger: codes and ids only. */
export interface OrderReading {
  readonly status: OrderStatus;
  readonly dueDate: string;
  /** The last act read. */
  readonly seq: number;
  /** What silence still leads to, the next first. */
  readonly climbs: readonly Climb[];
  readonly escalatedTo: readonly string[];
  /** Who is to answer since the school ended, with its superiors; left out while the ordered school is. */
  readonly passedTo?: { readonly holder: string; readonly organisations: OrganisationNames };
  /** Nothing was written: the day has not come by our clock; look again after this many milliseconds, or when woken. */
  readonly retryAfter?: number;
  /** The ledger was restored to a time before the order: the run ends, and its workflow id is free for whoever has the number now. */
  readonly diverged?: true;
}

const NO_ORDER: OrderReading = { status: 'open', dueDate: '', seq: 0, climbs: [], escalatedTo: [], diverged: true };

/** Activities of an order's process: each reads the ledger anew, and at most appends one act. */
export const orderActivities = (deps: ProcessDeps) => ({
  readOrder: ({ orderId }: { orderId: string }): Promise<OrderReading> =>
    inScope(deps.db, 'process', async (tx) => {
      const order = await lockOrder(tx, orderId);
      return order ? reading(tx, deps, order) : NO_ORDER;
    }),

  /** Tells the next superior of the school's silence, once: only while the order is unanswered and the day has come (A4, A18). */
  escalateOrder: ({ orderId, level }: { orderId: string; level: number }): Promise<OrderReading> =>
    inScope(deps.db, 'process', async (tx) => {
      const order = await lockOrder(tx, orderId);
      if (!order) return NO_ORDER;
      const [next] = await climbsNow(tx, deps, order);
      if (next?.level !== level) return reading(tx, deps, order);
      const ahead = next.at - deps.clock.now();
      if (ahead > 0) return { ...(await reading(tx, deps, order)), retryAfter: ahead };
      const act = { kind: 'escalated', level, to: next.to } as const;
      return reading(tx, deps, await recordOrderAct(tx, deps, order, act, { key: `escalated:${level}` }));
    }),
});

/** By the calendar of the school's province: the province is one of the school's superiors, or it ordered itself. */
async function climbsNow(tx: Transaction, deps: ProcessDeps, { id, state }: LoadedOrder): Promise<Climb[]> {
  const { schoolId, ladder, authorityId } = state;
  const calendars = await deps.calendar.current(tx);
  return climbsOf(state, calendarFor(calendars, { holder: schoolId, ladder: [...ladder, authorityId] }), id);
}

/** Makes the answer to a run and writes the cursor by which the reconciler knows how far the run is. */
async function reading(tx: Transaction, deps: ProcessDeps, order: LoadedOrder): Promise<OrderReading> {
  const { id, state } = order;
  const climbs = await climbsNow(tx, deps, order);
  const wakeAt = climbs[0] && new Date(climbs[0].at);
  await tx.query('update supervision_order set read_seq = $2, run_id = $3, read_at = $4, next_wake_at = $5 where id = $1', [
    id,
    state.seq,
    activityInfo().workflowExecution?.runId ?? 'no-run',
    new Date(deps.clock.now()),
    wakeAt ?? null,
  ]);
  const { status, dueDate, seq, escalatedTo } = state;
  const holder = answererOf(state);
  const organisations = order.acts.some(({ kind }) => kind === 'rerouted') ? await namesOf(tx, [holder, ...state.ladder]) : undefined;
  return { status, dueDate, seq, climbs, escalatedTo, ...(organisations ? { passedTo: { holder, organisations } } : {}) };
}
