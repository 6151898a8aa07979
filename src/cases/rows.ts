import type { Act, Outcome, Verdict } from '../domain/case/acts.js';
import { organisationThatSees } from '../domain/case/act-kinds.js';
import { decidesAt, holdOf, newCase, openTasks, standsNow, stepOf, type CaseState, type Hold, type OpenTask } from '../domain/case/case.js';
import { fold } from '../domain/case/fold.js';
import { isProcessing } from '../domain/case/next.js';
import type { Budget } from '../domain/case/remaining.js';
import type { Capacity } from '../domain/procedure/procedure.js';

/** How a task ended: by the decision that was asked of its holder, or because another act took it back. */
interface TaskEnd {
  readonly seq: number;
  readonly at: number;
  readonly by?: string;
  readonly how: 'decided' | 'void';
  readonly verdict?: Verdict;
}

/** A task of a case, open or ended. */
export interface KeptTask {
  /** As it stands, or last stood. */
  readonly task: OpenTask;
  readonly openedAt: number;
  readonly returns: number;
  readonly end?: TaskEnd;
}

/** A case as its acts have it: their fold, and what only its rows tell, which the process need not know. */
export interface CaseHistory {
  readonly state: CaseState;
  /** The last act; 0 before any. */
  readonly seq: number;
  /** By id, in the order in which they opened. */
  readonly tasks: ReadonlyMap<string, KeptTask>;
  readonly evidenceIds: readonly string[];
  readonly objected: boolean;
  readonly closedAt?: number;
  /** Organisations that acts after the filing name: each must see the request. */
  readonly named: readonly string[];
}

/** What acts decide of a request's row. */
export interface RequestColumns {
  readonly state: 'open' | Outcome;
  readonly hold: Hold | null;
  readonly processing: boolean;
  readonly version: number;
  readonly steps: readonly StepView[];
  readonly objected: boolean;
  readonly evidence_ids: readonly string[];
  readonly closed_at: Date | null;
  readonly last_seq: number;
  readonly last_process_seq: number;
}

/** What acts alone decide of a task's row; the deadline follows from the calendar too, see `dueColumns`. */
export interface TaskColumns {
  readonly id: string;
  readonly request_id: string;
  readonly kind: string;
  readonly step: string;
  readonly visit: number;
  readonly supplement: boolean;
  readonly capacities: readonly Capacity[];
  readonly arrived_on: string;
  readonly opened_at: Date;
  readonly returns: number;
  readonly state: 'open' | TaskEnd['how'];
  readonly version: number;
  readonly holder_id: string;
  readonly office: string;
  readonly on_behalf_of_id: string | null;
  readonly assignee_id: string | null;
  readonly claimant_id: string | null;
  readonly claimed_on: string | null;
  readonly claim_working_days: number | null;
  readonly delegate_id: string | null;
  readonly escalated_to: readonly string[];
  readonly budget: Budget | null;
  /** Left out where earlier visits used some of the days: what they left follows from the calendar. */
  readonly working_days?: number;
  readonly verdict: Verdict | null;
  readonly decided_at: Date | null;
  readonly decided_by: string | null;
  readonly void_seq: number | null;
}

export interface KeptTaskRow {
  readonly kept: KeptTask;
  readonly columns: TaskColumns;
}

/** The rows of a case. */
export interface CaseRows {
  readonly request: RequestColumns;
  readonly tasks: readonly KeptTaskRow[];
}

/** A step as the API shows it. */
type StepView = ReturnType<typeof stepsView>[number];

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

/**
 * The history of a case from all its acts.
 * @throws Error unless the first is `filed` with its route
 */
export function historyOf(acts: readonly Act[]): CaseHistory {
  const [first] = acts;
  if (first?.kind !== 'filed' || !first.route) throw new Error('a case begins with a filed act that carries its route');
  const unfiled = { state: newCase(first.route), seq: 0, tasks: new Map(), evidenceIds: [], objected: false, named: [] };
  return acts.reduce<CaseHistory>(evolved, unfiled);
}

/** One act further. */
export function evolved(history: CaseHistory, act: Act): CaseHistory {
  const state = fold(history.state, act);
  const named = shownBy(act, state);
  return {
    state,
    seq: act.seq,
    tasks: tasksAfter(history, act, state),
    evidenceIds: act.kind === 'filed' || act.kind === 'supplemented' ? [...history.evidenceIds, ...act.evidenceIds] : history.evidenceIds,
    objected: history.objected || act.kind === 'objected',
    closedAt: act.kind === 'closed' ? (history.closedAt ?? act.at) : history.closedAt,
    named: named.length > 0 ? [...history.named, ...named] : history.named,
  };
}

/** The same tasks where the act touched none, and the same `KeptTask` for each that it did not touch. */
function tasksAfter({ state: before, tasks }: CaseHistory, act: Act, state: CaseState): ReadonlyMap<string, KeptTask> {
  const open = new Map(openTasks(state).map((task) => [task.taskId, task]));
  const ended = openTasks(before).filter(({ taskId }) => !open.has(taskId));
  const touched = [...open.values()].filter((task) => tasks.get(task.taskId)?.task !== task);
  if (ended.length === 0 && touched.length === 0) return tasks;
  const after = new Map(tasks);
  for (const task of ended) after.set(task.taskId, { ...keptIn(tasks, task, act, state), end: endOf(act, task) });
  for (const task of touched) after.set(task.taskId, { ...keptIn(tasks, task, act, state), task });
  return after;
}

const keptIn = (tasks: ReadonlyMap<string, KeptTask>, task: OpenTask, act: Act, state: CaseState): KeptTask =>
  tasks.get(task.taskId) ?? { task, openedAt: act.at, returns: stepOf(state, task.step).returns };

function endOf(act: Act, { taskId }: OpenTask): TaskEnd {
  const { seq, at } = act;
  const decides = (act.kind === 'decided' || act.kind === 'supplemented') && act.taskId === taskId;
  if (!decides) return { seq, at, how: 'void' };
  return { seq, at, how: 'decided', by: act.by?.personId, verdict: act.kind === 'decided' ? act.verdict : undefined };
}

/** Organisations that must see the request from this act on and may not have seen it before. */
function shownBy(act: Act, after: CaseState): readonly string[] {
  const organisation = organisationThatSees(act);
  if (organisation === undefined || (act.kind === 'opened' && !holderMoved(after, act))) return [];
  return [organisation, ...('ladder' in act ? act.ladder : [])];
}

/** A successor that no filing could foresee must see the request that it now holds (Art 12). */
const holderMoved = ({ route }: CaseState, act: Extract<Act, { kind: 'opened' }>): boolean =>
  act.holder !== (act.supplement ? route.filer.organisationId : route.steps.find(({ id }) => id === act.step)?.organisationId);

/** The rows of a case, as the writer writes them, the check compares them and the rebuilder lays them anew (invariant 9). Pure. */
export const rowsOf = (id: string, history: CaseHistory): CaseRows => ({
  request: requestColumns(history),
  tasks: [...history.tasks.values()].map((kept) => ({ kept, columns: taskColumns(id, history, kept) })),
});

const requestColumns = ({ state, seq, evidenceIds, objected, closedAt }: CaseHistory): RequestColumns => ({
  state: state.closed ?? 'open',
  hold: holdOf(state),
  processing: isProcessing(state),
  version: state.version,
  steps: stepsView(state),
  objected,
  evidence_ids: evidenceIds,
  closed_at: closedAt === undefined ? null : new Date(closedAt),
  last_seq: seq,
  last_process_seq: state.seen,
});

const taskColumns = (id: string, { state }: CaseHistory, { task, openedAt, returns, end }: KeptTask): TaskColumns => ({
  id: task.taskId,
  request_id: id,
  kind: state.route.kind,
  step: task.step,
  visit: task.visit,
  supplement: task.supplement,
  capacities: task.supplement ? ['supplement'] : task.capacities,
  arrived_on: task.arrivedOn,
  opened_at: new Date(openedAt),
  returns,
  state: end?.how ?? 'open',
  version: task.version + (end ? 1 : 0),
  ...inHand(task),
  budget: task.budget ?? null,
  ...(task.budget ? {} : { working_days: task.workingDays }),
  ...endColumns(end),
});

/** Who holds a task, and who of the holder has it in hand. */
const inHand = ({ holder, office, onBehalfOf, assignee, claim, delegation, escalatedTo }: OpenTask) => ({
  holder_id: holder,
  office,
  on_behalf_of_id: onBehalfOf ?? null,
  assignee_id: assignee ?? null,
  claimant_id: claim?.by ?? null,
  claimed_on: claim?.on ?? null,
  claim_working_days: claim?.workingDays ?? null,
  delegate_id: delegation?.to ?? null,
  escalated_to: escalatedTo,
});

function endColumns(end: TaskEnd | undefined) {
  const decision = end?.how === 'decided' ? end : undefined;
  return {
    verdict: decision?.verdict ?? null,
    decided_at: decision ? new Date(decision.at) : null,
    decided_by: decision?.by ?? null,
    void_seq: end?.how === 'void' ? end.seq : null,
  };
}
