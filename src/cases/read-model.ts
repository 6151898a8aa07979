import type { Act } from '../domain/case/acts.js';
import { deadlineOf } from '../domain/case/agenda.js';
import { decidesAt, holdOf, openTasks, standsNow, stepOf, taskOf, type CaseState, type OpenTask } from '../domain/case/case.js';
import { isProcessing } from '../domain/case/next.js';
import type { Route } from '../domain/procedure/procedure.js';
import { workingDaysOf, type Allowance } from '../domain/case/remaining.js';
import { calendarFor, type WorkingCalendars } from '../domain/working-days.js';
import type { Transaction } from '../platform/database/in-scope.js';
import type { CaseDeps } from './cases.store.js';

/** The columns of a request that writing needs. */
export interface RequestRow {
  readonly id: string;
  readonly number: string;
  readonly kind: string;
  readonly studentId: string;
  readonly state: string;
  readonly route: Route;
  readonly details: Readonly<Record<string, unknown>>;
  readonly evidenceIds: readonly string[];
  readonly filedAt: Date;
  readonly lastSeq: number;
}

/** The steps as the API shows them. */
export const stepsView = (state: CaseState) =>
  state.route.steps.map((step) => {
    const { status, visit, returns, task } = stepOf(state, step.id);
    return {
      id: step.id,
      stage: step.stage,
      capacities: step.capacities,
      organisationId:
        task && !task.supplement ? task.holder : status === 'waiting' ? standsNow(state, decidesAt(state, step)) : decidesAt(state, step),
      ...(step.onBehalfOf ? { onBehalfOf: step.onBehalfOf } : {}),
      state: status,
      visit,
      returns,
    };
  });

/** Brings request and tasks up to a fold. Derived from the acts alone and never read back by the process (invariant 9). */
export async function project(
  tx: Transaction,
  deps: CaseDeps,
  request: RequestRow,
  act: Act,
  before: CaseState,
  after: CaseState,
): Promise<void> {
  const evidence = act.kind === 'supplemented' ? act.evidenceIds : [];
  const moved = tx.query(
    `update change_request set state = $2, hold = $3, processing = $4, version = $5, steps = $6, evidence_ids = evidence_ids || $7::uuid[],
       closed_at = case when $2 = 'open' then null else coalesce(closed_at, $8) end, last_seq = $9, last_process_seq = $10,
         objected = objected or $11 where id = $1`,
    [
      request.id,
      after.closed ?? 'open',
      holdOf(after),
      isProcessing(after),
      after.version,
      JSON.stringify(stepsView(after)),
      evidence,
      new Date(act.at),
      act.seq,
      after.seen,
      act.kind === 'objected',
    ],
  );
  const shown = shownBy(act, after);
  if (shown.length > 0) await shownTo(tx, request.id, shown);
  if (act.kind === 'rerouted') await askedAnew(tx, request.id, act);
  if (act.kind === 'extended') await moveDeadline(tx, deps, after, act.taskId);
  await Promise.all([moved, act.kind === 'opened' ? insertTask(tx, deps, request, act, after) : updateTasks(tx, deps, act, before, after)]);
}

/** Organisations that must see the request from this act on and may not have seen it before. */
export function shownBy(act: Act, after: CaseState): readonly string[] {
  switch (act.kind) {
    case 'opened':
      return holderMoved(after, act) ? [act.holder, ...act.ladder] : [];
    case 'rerouted':
      return [act.to, ...act.ladder];
    case 'copied':
    case 'redirected':
      return [act.to];
    case 'consulted':
      return [act.organisationId];
    default:
      return [];
  }
}

/** A successor that no filing could foresee must see the request that it now holds (Art 12). */
const holderMoved = ({ route }: CaseState, act: Extract<Act, { kind: 'opened' }>): boolean =>
  act.holder !== (act.supplement ? route.filer.organisationId : route.steps.find(({ id }) => id === act.step)?.organisationId);

const shownTo = (tx: Transaction, id: string, organisationIds: readonly string[]): Promise<unknown> =>
  tx.query(`update change_request set seen_by = array(select distinct unnest(seen_by || $2::uuid[])) where id = $1`, [id, organisationIds]);

async function insertTask(
  tx: Transaction,
  deps: CaseDeps,
  request: RequestRow,
  act: Extract<Act, { kind: 'opened' }>,
  after: CaseState,
): Promise<void> {
  const due = dueColumns(await deps.calendar.current(tx), act);
  const capacities = act.supplement ? ['supplement'] : act.capacities;
  await tx.query(
    `insert into task (id, request_id, step, visit, supplement, capacities, holder_id, on_behalf_of_id, office, state, version, returns,
       opened_at, arrived_on, working_days, due_date, due_at, provisional, kind, budget)
     values ($1,$2,$3,$4,$5,$6,$7,$8,$9,'open',1,$10,$11,$12,$13,$14,$15,$16,$17,$18)`,
    [
      act.taskId,
      request.id,
      act.step,
      act.visit,
      act.supplement === true,
      capacities,
      act.holder,
      act.onBehalfOf ?? null,
      act.office,
      stepOf(after, act.step).returns,
      new Date(act.at),
      act.arrivedOn,
      due.working_days,
      due.due_date,
      due.due_at,
      due.provisional,
      request.kind,
      act.budget ?? null,
    ],
  );
}

/** Who followed the holder of tasks holds them now. */
const repoint = (
  tx: Transaction,
  { from, to, onBehalf }: Extract<Act, { kind: 'rerouted' }>,
  tasks: readonly OpenTask[],
): Promise<unknown> =>
  tx.query(
    `update task set holder_id = $2, office = case when $3 then 'authorityReviewer' else office end,
       on_behalf_of_id = case when $3 then $4::uuid else on_behalf_of_id end where id = any($1::uuid[])`,
    [tasks.map(({ taskId }) => taskId), to, onBehalf, from],
  );

/** Whoever follows is asked in the other's place, and is told what the other asked. */
const askedAnew = (tx: Transaction, requestId: string, { from, to }: Extract<Act, { kind: 'rerouted' }>): Promise<unknown> =>
  tx.query(
    `update consultation set asked_id = case when asked_id = $2 and answered_at is null then $3 else asked_id end,
       asking_id = case when asking_id = $2 then $3 else asking_id end where request_id = $1 and $2 in (asked_id, asking_id)`,
    [requestId, from, to],
  );

async function moveDeadline(tx: Transaction, deps: CaseDeps, after: CaseState, taskId: string): Promise<void> {
  const task = taskOf(after, taskId);
  if (!task) return;
  const due = dueColumns(await deps.calendar.current(tx), task);
  await tx.query('update task set working_days = $2, due_date = $3, due_at = $4, provisional = $5, budget = $6 where id = $1', [
    taskId,
    due.working_days,
    due.due_date,
    due.due_at,
    due.provisional,
    task.budget ?? null,
  ]);
}

/**
 * Ends the tasks that the act took away and moves those it changed, in one statement. What is decided is late or not by the calendar in
 * force at that moment, also when an amendment of it has not moved the task yet.
 */
async function updateTasks(tx: Transaction, deps: CaseDeps, act: Act, before: CaseState, after: CaseState): Promise<void> {
  const still = new Map(openTasks(after).map((task) => [task.taskId, task]));
  const changed = openTasks(before).filter((task) => still.get(task.taskId) !== task);
  if (changed.length === 0) return;
  if (act.kind === 'rerouted') await repoint(tx, act, changed);
  const decided = act.kind === 'decided' || act.kind === 'supplemented' ? act.taskId : undefined;
  const own = changed.find(({ taskId }) => taskId === decided);
  const due = own && dueColumns(await deps.calendar.current(tx), own);
  const rows = changed.map((task) =>
    taskRow(still.get(task.taskId) ?? task, still.has(task.taskId) ? 'open' : task.taskId === decided ? 'decided' : 'void'),
  );
  await tx.query(
    `update task set state = c.state, version = c.version + c.moved, assignee_id = c.assignee, claimant_id = c.claimant,
      claimed_on = c.claimed, claim_working_days = c.days, delegate_id = c.delegate, escalated_to = c.escalated,
       verdict = case when c.state = 'decided' then $2 end, decided_at = case when c.state = 'decided' then $3::timestamptz end,
       decided_by = case when c.state = 'decided' then $4::uuid end,
       decided_late = case when c.state = 'decided' then $3::timestamptz >= $7::timestamptz end,
       void_seq = case when c.state = 'void' then $10::int end,
       working_days = case when c.state = 'decided' then $9::int else task.working_days end,
       due_date = case when c.state = 'decided' then $6::date else task.due_date end,
       due_at = case when c.state = 'decided' then $7::timestamptz else task.due_at end,
       provisional = case when c.state = 'decided' then $8::boolean else task.provisional end
     from jsonb_to_recordset($1) as c (id uuid, state text, version int, moved int, assignee uuid, claimant uuid, claimed date, days int,
       delegate uuid, escalated uuid[])
     where task.id = c.id and task.id = any($5::uuid[])`, // said twice, for the planner to come from the few ids
    [
      JSON.stringify(rows),
      act.kind === 'decided' ? act.verdict : null,
      new Date(act.at),
      act.by?.personId ?? null,
      rows.map(({ id }) => id),
      due?.due_date ?? null,
      due?.due_at ?? null,
      due?.provisional ?? null,
      due?.working_days ?? null,
      act.seq,
    ],
  );
}

/**
 * When a task is due by the calendars, and how many working days it has for it: what follows from the days before it and an amendment
 * moves.
 */
export function dueColumns(calendars: WorkingCalendars, task: Pick<OpenTask, 'arrivedOn' | 'holder' | 'ladder'> & Allowance) {
  const calendar = calendarFor(calendars, task);
  const { dueDate, dueAt, provisional } = deadlineOf(calendar, task);
  return { due_date: dueDate, due_at: new Date(dueAt), provisional, working_days: workingDaysOf(calendar, task) };
}

/** What acts change of a task's row; `moved`: by how much its version, where it does not stay open. */
export const taskRow = (task: OpenTask, state: string) => ({
  id: task.taskId,
  state,
  version: task.version,
  moved: state === 'open' ? 0 : 1,
  assignee: task.assignee ?? null,
  claimant: task.claim?.by ?? null,
  escalated: task.escalatedTo,
  claimed: task.claim?.on ?? null,
  days: task.claim?.workingDays ?? null,
  delegate: task.delegation?.to ?? null,
});
