import type { Act } from '../domain/case/acts.js';
import { deadlineOf } from '../domain/case/agenda.js';
import type { OpenTask } from '../domain/case/case.js';
import { workingDaysOf, type Allowance } from '../domain/case/remaining.js';
import type { Route } from '../domain/procedure/procedure.js';
import { calendarFor, type WorkingCalendars } from '../domain/working-days.js';
import type { Transaction } from '../platform/database/in-scope.js';
import { insertRows } from '../platform/database/insert-rows.js';
import type { CaseDeps } from './cases.store.js';
import { rowsOf, type CaseHistory, type RequestColumns, type KeptTaskRow } from './rows.js';

/** The columns of a request that a writer needs. */
export interface RequestRow {
  readonly id: string;
  readonly number: string;
  readonly kind: string;
  /** Null where the case is about a batch. */
  readonly studentId: string | null;
  readonly state: string;
  readonly route: Route;
  readonly details: Readonly<Record<string, unknown>>;
  readonly evidenceIds: readonly string[];
  readonly filedAt: Date;
  readonly lastSeq: number;
}

/**
 * The student whom a request is about.
 * @throws Error where it is about a batch: no part of a change of status is asked of one
 */
export function studentOf({ id, studentId }: Pick<RequestRow, 'id' | 'studentId'>): string {
  if (studentId === null) throw new Error(`request ${id} is about a batch`);
  return studentId;
}

/**
 * Brings the rows of a request from one act to the next: those that `rowsOf` says anew, and no other. Derived from the acts alone and
 * never read back by the process (invariant 9).
 */
export async function project(
  tx: Transaction,
  deps: CaseDeps,
  { id }: RequestRow,
  act: Act,
  before: CaseHistory,
  after: CaseHistory,
): Promise<void> {
  const { request, tasks } = rowsOf(id, after);
  const written: Promise<unknown>[] = [updateRequest(tx, id, request)];
  const shown = after.named.slice(before.named.length);
  if (shown.length > 0) written.push(shownTo(tx, id, shown));
  if (act.kind === 'rerouted') written.push(askedAnew(tx, id, act));
  const changed = tasks.filter(({ kept }) => before.tasks.get(kept.task.taskId) !== kept);
  await Promise.all([...written, writeTasks(tx, deps, act, changed, before)]);
}

const updateRequest = (tx: Transaction, id: string, row: RequestColumns): Promise<unknown> =>
  tx.query(
    `update change_request set state = $2, hold = $3, processing = $4, version = $5, steps = $6, objected = $7, evidence_ids = $8,
       closed_at = $9, last_seq = $10, last_process_seq = $11 where id = $1`,
    [
      id,
      row.state,
      row.hold,
      row.processing,
      row.version,
      JSON.stringify(row.steps),
      row.objected,
      row.evidence_ids,
      row.closed_at,
      row.last_seq,
      row.last_process_seq,
    ],
  );

const shownTo = (tx: Transaction, id: string, organisationIds: readonly string[]): Promise<unknown> =>
  tx.query(`update change_request set seen_by = array(select distinct unnest(seen_by || $2::uuid[])) where id = $1`, [id, organisationIds]);

/** Whoever follows is asked in the other's place, and is told what the other asked. */
const askedAnew = (tx: Transaction, requestId: string, { from, to }: Extract<Act, { kind: 'rerouted' }>): Promise<unknown> =>
  tx.query(
    `update consultation set asked_id = case when asked_id = $2 and answered_at is null then $3 else asked_id end,
       asking_id = case when asking_id = $2 then $3 else asking_id end where request_id = $1 and $2 in (asked_id, asking_id)`,
    [requestId, from, to],
  );

/** Inserts the task that the act opened, or updates those that it changed or ended, in one statement. */
async function writeTasks(tx: Transaction, deps: CaseDeps, act: Act, changed: readonly KeptTaskRow[], before: CaseHistory): Promise<void> {
  if (changed.length === 0) return;
  const due = changed.some((row) => isCounted(act, row)) ? await deps.calendar.current(tx) : undefined;
  const rows = changed.map((row) => (due && isCounted(act, row) ? { ...row.columns, ...countedBy(due, row) } : row.columns));
  if (changed.some(({ kept }) => !before.tasks.has(kept.task.taskId))) await insertRows(tx, 'task', rows);
  else await tx.query(UPDATE_TASKS, [JSON.stringify(rows), rows.map((row) => row.id)]);
}

/**
 * The deadline is counted when a task opens, gets more days or is decided. Between these, amendments alone move it. A decision is late or
 * not by the calendar then in force, even if an amendment has not moved the task yet.
 */
const isCounted = (act: Act, { kept: { end } }: KeptTaskRow): boolean =>
  act.kind === 'opened' || act.kind === 'extended' || end?.how === 'decided';

function countedBy(calendars: WorkingCalendars, { kept: { task }, columns: { decided_at: at } }: KeptTaskRow) {
  const due = dueColumns(calendars, task);
  return { ...due, decided_late: at && at >= due.due_at };
}

/** What acts change of a task's row after it opened. */
const MOVED = [
  'state',
  'version',
  'holder_id',
  'office',
  'on_behalf_of_id',
  'assignee_id',
  'claimant_id',
  'claimed_on',
  'claim_working_days',
  'delegate_id',
  'escalated_to',
  'budget',
  'verdict',
  'decided_at',
  'decided_by',
  'void_seq',
];
/** These stay as they are where the row does not say them. */
const COUNTED = ['working_days', 'due_date', 'due_at', 'provisional', 'decided_late'];
const SET = [MOVED.map((name) => `${name} = c.${name}`), COUNTED.map((name) => `${name} = coalesce(c.${name}, task.${name})`)];
/** The ids are said twice, so that the planner comes from the few of them. */
const UPDATE_TASKS = `
  update task set ${SET.flat().join(', ')}
  from jsonb_populate_recordset(null::task, $1::jsonb) c where task.id = c.id and task.id = any($2::uuid[])`;

/** A task's due date and working days, which follow from earlier visits and the calendars. An amendment moves them. */
export function dueColumns(calendars: WorkingCalendars, task: Pick<OpenTask, 'arrivedOn' | 'holder' | 'ladder'> & Allowance) {
  const calendar = calendarFor(calendars, task);
  const { dueDate, dueAt, provisional } = deadlineOf(calendar, task);
  return { due_date: dueDate, due_at: new Date(dueAt), provisional, working_days: workingDaysOf(calendar, task) };
}
