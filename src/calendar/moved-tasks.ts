import type { Transaction } from '../database/in-scope.js';
import { taskOf } from '../domain/case.js';
import { lockCase, record, type CaseDeps } from '../requests/case-store.js';

/** What one batch did, and what it left to be done under a request's own lock. */
export interface MovedBatch {
  /** The last task that was looked at; null when no task was left. */
  readonly last: string | null;
  readonly moved: number;
  /** Tasks that somebody held in that moment: another pass finds them. */
  readonly skipped: number;
  /** Tasks with escalations sent: their move is noted in the timeline (A8). */
  readonly escalated: readonly { readonly taskId: string; readonly requestId: string }[];
}

/**
 * Moves the deadlines of the next open tasks, by one statement. Only tasks whose deadline differs are locked, and one that a decision
 * holds is skipped: so nobody waits longer than this statement takes, and no deadlock can come of it. The size is part of the text, for
 * a plan that does not know it would read all tasks for each batch.
 */
const move = (size: number): string => `
  with page as materialized (select id from task where state = 'open' and id > $1 order by id limit ${size}),
  due as materialized (
    select n.*, t.request_id, t.escalated_to <> '{}' as escalated from page join task t using (id) join task_due n using (id)
    where (t.due_date, t.due_at, t.provisional) is distinct from (n.due_date, n.due_at, n.provisional)),
  held as materialized (
    select t.id, due.due_date, due.due_at, due.provisional from due join task t using (id)
    where not due.escalated and t.state = 'open' and t.escalated_to = '{}' order by t.id for update of t skip locked),
  moved as (
    update task t set due_date = held.due_date, due_at = held.due_at, provisional = held.provisional from held where t.id = held.id returning 1)
  select (select id from page order by id desc limit 1) as last, (select count(*)::int from moved) as moved,
    (select count(*)::int from due where not escalated) - (select count(*)::int from held) as skipped,
    (select coalesce(jsonb_agg(jsonb_build_object('taskId', id, 'requestId', request_id) order by request_id, id), '[]') from due where escalated) as escalated`;

/** Before every id. */
export const FIRST = '00000000-0000-0000-0000-000000000000';

export async function moveBatch(tx: Transaction, after: string | null, size: number): Promise<MovedBatch> {
  const [batch] = await tx.query<MovedBatch[]>(move(size), [after ?? FIRST]);
  if (!batch) throw new Error('the batch has no answer');
  return batch;
}

interface Due {
  from: string;
  to: string;
  version: number;
  differs: boolean;
}

/**
 * Moves one task that was escalated before, under its request's lock, with a note beside the escalations: they were right when they went
 * out. True when it was noted; false when there was nothing to move any more.
 */
export async function moveEscalated(
  tx: Transaction,
  deps: CaseDeps,
  { taskId, requestId }: MovedBatch['escalated'][number],
): Promise<boolean> {
  const loaded = await lockCase(tx, requestId);
  const task = loaded && taskOf(loaded.state, taskId);
  if (!task) return false;
  const [due] = await tx.query<Due[]>(
    `select to_char(t.due_date, 'YYYY-MM-DD') as from, to_char(n.due_date, 'YYYY-MM-DD') as to, n.calendar_version as version,
       (t.due_at, t.provisional) is distinct from (n.due_at, n.provisional) as differs
     from task t join task_due n using (id) where t.id = $1`,
    [taskId],
  );
  if (!due?.differs) return false;
  await tx.query(
    'update task t set due_date = n.due_date, due_at = n.due_at, provisional = n.provisional from task_due n where t.id = $1 and n.id = t.id',
    [taskId],
  );
  if (due.from === due.to) return false; // no longer, or only now, provisional
  await record(tx, deps, loaded, {
    ...{ kind: 'deadlineMoved', taskId, step: task.step, visit: task.visit },
    ...{ dueFrom: due.from, dueTo: due.to, calendarVersion: due.version },
  });
  return true;
}
