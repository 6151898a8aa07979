import type { Act } from '../domain/case/acts.js';
import { holdOf, newCase, openTasks, stepOf, type CaseState, type OpenTask } from '../domain/case/case.js';
import { fold } from '../domain/case/fold.js';
import { isProcessing } from '../domain/case/next.js';
import { shownBy, stepsView, taskRow } from './read-model.js';

/** Values by the names of their columns. A column that is not named is not judged. */
export type Columns = Readonly<Record<string, unknown>>;

export interface RebuiltTask {
  /** As it stands, or last stood. */
  readonly task: OpenTask;
  readonly open: boolean;
  /** What the acts alone decide; not the deadline, nor working days that earlier visits left, which follow from the calendar too. */
  readonly row: Columns;
}

/** A request and its tasks as its acts have them. */
export interface Rebuilt {
  readonly id: string;
  /** The last act. */
  readonly seq: number;
  readonly row: Columns;
  /** Organisations that acts after the filing name: each must see the request. */
  readonly named: readonly string[];
  readonly tasks: readonly RebuiltTask[];
}

/** The read model of one request from all its acts (invariant 9); `project` writes the same act by act. */
export function rebuilt(id: string, acts: readonly Act[]): Rebuilt {
  const [first] = acts;
  if (first?.kind !== 'filed' || !first.route) throw new Error('a case begins with a filed act that carries its route');
  const { kind } = first.route;
  const tasks = new Map<string, RebuiltTask>();
  const named = new Set<string>();
  let state = newCase(first.route);
  for (const act of acts) {
    const before = openTasks(state);
    state = fold(state, act);
    for (const organisation of shownBy(act, state)) named.add(organisation);
    if (act.kind === 'opened') tasks.set(act.taskId, openedBy(act, state, { request_id: id, kind }));
    goOn(tasks, act, before, openTasks(state));
  }
  return { id, seq: acts.length, row: requestRow(acts, state), named: [...named], tasks: [...tasks.values()] };
}

const NOT_DECIDED = { verdict: null, decided_at: null, decided_by: null };

function openedBy(act: Extract<Act, { kind: 'opened' }>, after: CaseState, of: { request_id: string; kind: string }): RebuiltTask {
  const task = stepOf(after, act.step).task;
  if (!task) throw new Error('an opened act opens a task');
  const { taskId: id, step, visit, supplement, arrivedOn: arrived_on } = task;
  const capacities = supplement ? ['supplement'] : task.capacities;
  const row = {
    ...of,
    id,
    step,
    visit,
    supplement,
    capacities,
    arrived_on,
    opened_at: new Date(act.at),
    returns: stepOf(after, step).returns,
  };
  return { task, open: true, row: { ...row, ...NOT_DECIDED } };
}

/** Brings the rows of the tasks that were open, or are, up to an act. */
function goOn(tasks: Map<string, RebuiltTask>, act: Act, before: readonly OpenTask[], after: readonly OpenTask[]): void {
  const still = new Set(after.map(({ taskId }) => taskId));
  for (const task of before.filter(({ taskId }) => !still.has(taskId))) {
    const row = { ...tasks.get(task.taskId)?.row, ...columnsOf(task, endOf(act, task)), ...decisionOf(act, task) };
    tasks.set(task.taskId, { task, open: false, row });
  }
  for (const task of after)
    tasks.set(task.taskId, { task, open: true, row: { ...tasks.get(task.taskId)?.row, ...columnsOf(task, 'open') } });
}

const decides = (act: Act, { taskId }: OpenTask): act is Extract<Act, { kind: 'decided' | 'supplemented' }> =>
  (act.kind === 'decided' || act.kind === 'supplemented') && act.taskId === taskId;

const endOf = (act: Act, task: OpenTask): string => (decides(act, task) ? 'decided' : 'void');

const decisionOf = (act: Act, task: OpenTask): Columns =>
  decides(act, task)
    ? { verdict: act.kind === 'decided' ? act.verdict : null, decided_at: new Date(act.at), decided_by: act.by?.personId ?? null }
    : {};

function columnsOf(task: OpenTask, state: string): Columns {
  const { version, moved, assignee, claimant, claimed, days, delegate, escalated } = taskRow(task, state);
  return {
    state,
    version: version + moved,
    holder_id: task.holder,
    office: task.office,
    on_behalf_of_id: task.onBehalfOf ?? null,
    assignee_id: assignee,
    claimant_id: claimant,
    claimed_on: claimed,
    claim_working_days: days,
    delegate_id: delegate,
    escalated_to: escalated,
    budget: task.budget ?? null,
    ...(task.budget ? {} : { working_days: task.workingDays }),
  };
}

function requestRow(acts: readonly Act[], state: CaseState): Columns {
  const closed = acts.find(({ kind }) => kind === 'closed');
  return {
    state: state.closed ?? 'open',
    hold: holdOf(state),
    processing: isProcessing(state),
    version: state.version,
    steps: stepsView(state),
    objected: acts.some(({ kind }) => kind === 'objected'),
    evidence_ids: evidenceOf(acts),
    closed_at: closed ? new Date(closed.at) : null,
    last_seq: acts.at(-1)?.seq,
    last_process_seq: state.seen,
  };
}

const evidenceOf = (acts: readonly Act[]): string[] =>
  acts.flatMap((act) => (act.kind === 'filed' || act.kind === 'supplemented' ? act.evidenceIds : []));
