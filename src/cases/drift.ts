import type { WorkingCalendars } from '../domain/working-days.js';
import type { Transaction } from '../platform/database/in-scope.js';
import { insertRows } from '../platform/database/insert-rows.js';
import { dueColumns } from './read-model.js';
import { rowsOf, type CaseHistory, type RequestColumns, type TaskColumns, type KeptTaskRow } from './rows.js';

/** The rows of a case as its acts say they should be. */
export interface Expected {
  readonly id: string;
  readonly request: RequestColumns;
  readonly named: readonly string[];
  readonly tasks: readonly TaskColumns[];
  /** The tasks with every column, for those whose rows are gone. */
  readonly whole: readonly TaskColumns[];
}

/** A request whose rows are not as they should be, and in what: `request.hold`, `task.holder_id`, `task missing`, `task unknown`. */
export interface Differing {
  readonly id: string;
  readonly what: readonly string[];
}

/** @param settled whether every deadline stands by these calendars; else none is judged */
export function expectedOf(id: string, history: CaseHistory, calendars: WorkingCalendars, settled: boolean): Expected {
  const { request, tasks } = rowsOf(id, history);
  const whole = ({ kept, columns }: KeptTaskRow): TaskColumns => ({ ...columns, ...dueColumns(calendars, kept.task) });
  // The deadline of an ended task was by the calendar of its time.
  const judged = (row: KeptTaskRow): TaskColumns => (settled && !row.kept.end ? whole(row) : row.columns);
  return { id, request, named: history.named, tasks: tasks.map(judged), whole: tasks.map(whole) };
}

/**
 * $1: rows of `Expected`. PostgreSQL itself compares: each row beside the same row with the expected values laid over it, and column by
 * column where they differ. `offset 0` has every row found by its id, also by a plan that was made while the tables were small.
 */
export const DIFFERING = `
  with expected as materialized (
    select (e ->> 'id')::uuid as id, e -> 'request' as request, e -> 'tasks' as tasks,
      array(select jsonb_array_elements_text(e -> 'named'))::uuid[] as named from jsonb_array_elements($1::jsonb) e),
  request as materialized (
    select x.id, x.named, r.was, jsonb_populate_record(r.was, x.request) as due from expected x
      cross join lateral (select r as was from change_request r where r.id = x.id offset 0) r),
  expected_task as materialized (
    select x.id as request_id, (t ->> 'id')::uuid as id, t as columns from expected x cross join jsonb_array_elements(x.tasks) t),
  its_task as materialized (
    select x.request_id, t.was, jsonb_populate_record(t.was, x.columns) as due from expected_task x
      left join lateral (select t as was from task t where t.id = x.id offset 0) t on true),
  difference as (
    select id, 'request.' || was.key as what from request cross join jsonb_each(to_jsonb(request.was)) was
      join jsonb_each(to_jsonb(request.due)) due on due.key = was.key and due.value <> was.value where request.was is distinct
        from request.due
    union all select id, 'request.seen_by' from request where not (was).seen_by @> named
    union all
    select request_id, 'task.' || was.key from its_task cross join jsonb_each(to_jsonb(its_task.was)) was
      join jsonb_each(to_jsonb(its_task.due)) due on due.key = was.key and due.value <> was.value
    where (its_task.was).id is not null and its_task.was is distinct from its_task.due
    union all select request_id, 'task missing' from its_task where (was).id is null
    union all select x.id, 'task unknown' from expected x cross join lateral (select t.id, t.state from task t
      where t.request_id = x.id offset 0) t
      where t.state <> 'void' and not exists (select 1 from expected_task e where e.id = t.id))
  select id, array_agg(distinct what order by what) as what from difference group by id order by id`;

/** Which of the requests differ from what their acts say; empty when all agree. */
export const findDiffering = (tx: Transaction, expected: readonly Expected[]): Promise<Differing[]> =>
  tx.query<Differing[]>(DIFFERING, [JSON.stringify(expected)]);

/** Every column of a union of names once: one that is left out does not compile. */
const names = <K extends string>(columns: Readonly<Record<K, true>>): string => Object.keys(columns).join(', ');

const REQUEST_COLUMNS = names<keyof RequestColumns>({
  state: true,
  hold: true,
  processing: true,
  version: true,
  steps: true,
  objected: true,
  evidence_ids: true,
  closed_at: true,
  last_seq: true,
  last_process_seq: true,
});
const TASK_COLUMNS = names<Exclude<keyof TaskColumns, 'id'> | keyof ReturnType<typeof dueColumns>>({
  request_id: true,
  kind: true,
  step: true,
  visit: true,
  supplement: true,
  capacities: true,
  arrived_on: true,
  opened_at: true,
  returns: true,
  state: true,
  version: true,
  holder_id: true,
  office: true,
  on_behalf_of_id: true,
  assignee_id: true,
  claimant_id: true,
  claimed_on: true,
  claim_working_days: true,
  delegate_id: true,
  escalated_to: true,
  working_days: true,
  budget: true,
  verdict: true,
  decided_at: true,
  decided_by: true,
  void_seq: true,
  due_date: true,
  due_at: true,
  provisional: true,
});
const of = (row: string, columns: string): string => columns.replace(/\w+/g, `${row}.$&`);

const REQUEST_ANEW = `
  update change_request r set (${REQUEST_COLUMNS}) = (select ${of('e', REQUEST_COLUMNS)} from jsonb_populate_record(r, $2::jsonb) e),
    seen_by = array(select distinct unnest(r.seen_by || $3::uuid[])) where r.id = $1`;
const TASKS_ANEW = `
  update task t set (${TASK_COLUMNS}) = (select ${of('e', TASK_COLUMNS)} from jsonb_populate_record(t, x.columns) e)
  from jsonb_array_elements($1::jsonb) x (columns) where t.id = (x.columns ->> 'id')::uuid and t.id = any($2::uuid[])`;

/** Lays what the acts say over the rows of one request, whose row is locked. A task that no act opened cannot be removed, and is void. */
export async function restoreRows(tx: Transaction, { id, request, named, tasks, whole }: Expected): Promise<void> {
  const ids = tasks.map((task) => task.id);
  await tx.query(REQUEST_ANEW, [id, JSON.stringify(request), named]);
  await tx.query(`update task set state = 'void' where request_id = $1 and id <> all($2::uuid[])`, [id, ids]);
  const present = await tx.query<{ id: string }[]>('select id from task where id = any($1::uuid[])', [ids]);
  const known = new Set<unknown>(present.map((task) => task.id));
  await tx.query(TASKS_ANEW, [JSON.stringify(tasks), ids]);
  await insertRows(tx, 'task', whole.filter((task) => !known.has(task.id))); // prettier-ignore
}
