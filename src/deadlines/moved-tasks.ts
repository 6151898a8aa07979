import type { Transaction } from '../platform/database/in-scope.js';

/** What one batch moved, and what it left. */
export interface MovedBatch {
  /** The last task that was looked at; null when no task was left. */
  readonly last: string | null;
  readonly moved: number;
  /** Tasks that somebody held in that moment: another pass finds them. */
  readonly skipped: number;
}

/**
 * Moves the deadlines of the next open tasks, by one statement.
 * 1. Only tasks whose deadline differs are locked, and a task that a decision has locked is skipped. So nobody waits longer than this
 * statement, and no deadlock is possible.
 * 2. A move of an escalated task is recorded, to be noted later.
 * 3. The days that earlier visits have left to a later one move too (A9).
 * The size is part of the text, because a plan without it would read all tasks for each batch.
 */
const move = (size: number): string => `
  with page as materialized (select id, due_date, due_at, provisional, working_days from task where state = 'open' and id > $1 order by id
    limit ${size}),
  due as materialized (
    select n.* from page p join task_due n using (id)
    where (p.due_date, p.due_at, p.provisional, p.working_days) is distinct from (n.due_date, n.due_at, n.provisional, n.working_days)),
  held as materialized (
    select t.id, t.request_id, t.due_date as due_from, t.escalated_to <> '{}' as escalated, due.due_date, due.due_at, due.provisional,
      due.working_days, due.calendar_version
    from due join task t using (id) where t.state = 'open' order by t.id for update of t skip locked),
  moved as (
    update task t set due_date = held.due_date, due_at = held.due_at, provisional = held.provisional, working_days = held.working_days
      from held where t.id = held.id
    returning held.due_from <> held.due_date as otherwise),
  noted as (
    insert into deadline_note (move_id, task_id, request_id, due_from, due_to, calendar_version)
    select $2, id, request_id, due_from, due_date, calendar_version from held where escalated and due_from <> due_date
    on conflict (move_id, task_id) do update set due_to = excluded.due_to, calendar_version = excluded.calendar_version)
  select (select id from page order by id desc limit 1) as last, (select count(*)::int from moved where otherwise) as moved,
    (select count(*)::int from due) - (select count(*)::int from held) as skipped`;

/** Before every id. */
export const FIRST = '00000000-0000-0000-0000-000000000000';

export async function moveBatch(tx: Transaction, moveId: string, after: string | null, size: number): Promise<MovedBatch> {
  const [batch] = await tx.query<MovedBatch[]>(move(size), [after ?? FIRST, moveId]);
  if (!batch) throw new Error('the batch has no answer');
  return batch;
}
