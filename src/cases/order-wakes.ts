import { WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from '@temporalio/client';
import type { DataSource } from 'typeorm';
import { inScope } from '../platform/database/in-scope.js';
import { LOCKS } from '../platform/database/locks.js';
import { PROVINCE, wake, type OrderInput } from '../../workflows/messages.js';
import type { Watch } from './watch.js';
import type { WakeDeps } from './wakes.js';

/**
 * Signals an order's process, and starts it if it does not run. It starts also after an earlier run has ended, because an order whose
 * answer was recalled is open again. A run that reads an answered order returns at once.
 */
export async function wakeOrder({ client, db, taskQueue }: WakeDeps, orderId: string, kind: string): Promise<void> {
  const found = await orderInput(db, orderId);
  if (!found) return;
  const { province, ...input } = found;
  const name = (id: string): string => input.organisations[id]?.name ?? id;
  await client.workflow.signalWithStart('order', {
    workflowId: `order/${input.number}`,
    taskQueue,
    args: [input],
    signal: wake,
    signalArgs: [{ kind }],
    workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
    workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
    ...(province ? { typedSearchAttributes: [{ key: PROVINCE, value: [province] }] } : {}),
    staticSummary: `责令 ${name(input.authorityId)} → ${name(input.schoolId)}`,
  });
}

/** A run's input: ids, codes and office names; neither findings nor students. */
async function orderInput(db: DataSource, orderId: string): Promise<(OrderInput & { province: string | null }) | undefined> {
  const [row] = await inScope(db, 'process', (tx) =>
    tx.query<(OrderInput & { province: string | null })[]>(
      `select o.id as "orderId", o.number, o.kind, o.authority_id as "authorityId", o.school_id as "schoolId", p.code as province,
         (select jsonb_object_agg(n.id, jsonb_build_object('code', n.code, 'name', n.name)) from organisation n
           where n.id = any(o.seen_by)) as organisations
       from supervision_order o join organisation s on s.id = o.school_id left join organisation p on p.id = s.province_id where o.id = $1`,
      [orderId],
    ),
  );
  return row;
}

const OPEN = `select id, 'order' as kind, number, ordered_at as since, run_id as "runId" from supervision_order
  where state in ('open','replied')`;

/** Orders as the reconciler keeps them: those that run or whose last act their process has not read, also when a person ended them. */
export const ORDERS: Watch = {
  lock: LOCKS.orderReconciler,
  behind: `select id, 'order' as kind, number from supervision_order
     where (state in ('open','replied') or read_seq < last_seq)
       and (read_seq < last_seq and greatest(read_at, ordered_at) < $1::timestamptz - interval '3 seconds'
         or next_wake_at < $1::timestamptz - interval '1 minute')
     order by ordered_at, id limit $2`,
  kinds: ['order'],
  openAfter: `${OPEN} and number > $1 order by number limit $2`,
  openAmong: `${OPEN} and number = any($1)`,
  mayRun: `select id, 'order' as kind, number, state in ('open','replied') or closed_at > $2 as may, closed_at as "closedAt"
    from supervision_order where number = any($1)`,
  wake: (deps, { id }, kind) => wakeOrder(deps, id, kind),
};
