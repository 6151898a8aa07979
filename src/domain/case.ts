import { isProcessAct, type Act, type Outcome, type Verdict } from './acts.js';
import type { Capacity, Route, RouteStep } from './procedure.js';
import type { Office } from './offices.js';
import { dateOf } from './working-days.js';

/** An open task of a case. */
export interface OpenTask {
  readonly taskId: string;
  readonly step: string;
  readonly visit: number;
  readonly supplement: boolean;
  readonly capacities: readonly Capacity[];
  readonly holder: string;
  readonly onBehalfOf?: string;
  readonly office: Office;
  readonly workingDays: number;
  readonly arrivedOn: string;
  readonly ladder: readonly string[];
  /** Reminders and escalations that have gone out: `remind:3`, `escalate:1`. */
  readonly sent: readonly string[];
  readonly escalatedTo: readonly string[];
  readonly assignee?: string;
  readonly claimant?: string;
  readonly version: number;
}

export interface StepState {
  /** The visit that runs or comes next; a return makes it one more. */
  readonly visit: number;
  readonly status: 'waiting' | 'open' | 'approved' | 'rejected' | 'returned' | 'supplementing';
  readonly task?: OpenTask;
  readonly returns: number;
  readonly supplements: number;
  /** Arrival and decision of each visit so far, from which the remaining working days follow (A9). */
  readonly spent: readonly { readonly arrivedOn: string; readonly decidedOn: string }[];
  readonly deciders: readonly string[];
  /** When the status last changed, epoch milliseconds. */
  readonly since: number;
}

/** The state of a case: nothing but a fold of its acts. */
export interface CaseState {
  readonly route: Route;
  /** Sequence of the last process act folded; 0 before any. */
  readonly seen: number;
  /** Moves with holder, evidence, supplement and decision; not with reminders, urges, claims or deadlines. */
  readonly version: number;
  readonly steps: Readonly<Record<string, StepState>>;
  /** Decided to end this way, not yet closed. */
  readonly ending?: Outcome;
  readonly parked?: { readonly what: 'effect' | 'step'; readonly cause: string; readonly step?: string; readonly at: number };
  /** Another request of the student holds this one (A16). */
  readonly held?: { readonly cause: string; readonly at: number };
  readonly effected: boolean;
  readonly closed?: Outcome;
}

const FRESH: StepState = { visit: 1, status: 'waiting', returns: 0, supplements: 0, spent: [], deciders: [], since: 0 };

/** A case before its first act. */
export const newCase = (route: Route): CaseState => ({
  route,
  seen: 0,
  version: 0,
  steps: Object.fromEntries(route.steps.map((step) => [step.id, FRESH])),
  effected: false,
});

export const stepOf = (state: CaseState, id: string): StepState => state.steps[id] ?? FRESH;

export const openTasks = (state: CaseState): OpenTask[] => state.route.steps.flatMap((step) => stepOf(state, step.id).task ?? []);

export const taskOf = (state: CaseState, taskId: string): OpenTask | undefined => openTasks(state).find((task) => task.taskId === taskId);

/** Every step approved: from here only an operator may cancel, and only before the effect. */
export const fullyApproved = (state: CaseState): boolean => state.route.steps.every((step) => stepOf(state, step.id).status === 'approved');

/** The steps of the stage that runs now. */
export function currentStage(state: CaseState): RouteStep[] {
  const first = state.route.steps.find((step) => stepOf(state, step.id).status !== 'approved');
  return first ? state.route.steps.filter((step) => step.stage === first.stage) : [];
}

const withStep = (state: CaseState, id: string, change: Partial<StepState>): CaseState => ({
  ...state,
  steps: { ...state.steps, [id]: { ...stepOf(state, id), ...change } },
});

const withTask = (state: CaseState, id: string, change: (task: OpenTask) => OpenTask): CaseState => {
  const { task } = stepOf(state, id);
  return task ? withStep(state, id, { task: change(task) }) : state;
};

const withoutTasks = (state: CaseState): CaseState => ({
  ...state,
  steps: Object.fromEntries(Object.entries(state.steps).map(([id, step]) => [id, { ...step, task: undefined }])),
});

const afterVerdict: Record<Verdict, StepState['status']> = { approve: 'approved', reject: 'rejected', return: 'returned' };

type ActOf<K extends Act['kind']> = Extract<Act, { kind: K }>;

function opened(state: CaseState, act: ActOf<'opened'>): CaseState {
  const { taskId, step, visit, capacities, holder, onBehalfOf, office, workingDays, arrivedOn, ladder } = act;
  const supplement = act.supplement === true;
  const task: OpenTask = {
    ...{ taskId, step, visit, supplement, capacities, holder, onBehalfOf, office, workingDays, arrivedOn, ladder },
    ...{ sent: [], escalatedTo: [], version: 1 },
  };
  // Another step of the stage may still be without a living holder.
  const parked = state.parked?.step === step ? undefined : state.parked;
  return withStep({ ...state, parked }, step, { task, visit, status: supplement ? 'supplementing' : 'open', since: act.at });
}

function decided(state: CaseState, act: ActOf<'decided'>): CaseState {
  const step = stepOf(state, act.step);
  const after = withStep(state, act.step, {
    task: undefined,
    status: afterVerdict[act.verdict],
    spent: [...step.spent, { arrivedOn: step.task?.arrivedOn ?? act.decidedOn, decidedOn: act.decidedOn }],
    deciders: act.by ? [...step.deciders, act.by.personId] : step.deciders,
    returns: step.returns + (act.verdict === 'return' ? 1 : 0),
    since: act.at,
  });
  return act.verdict === 'reject' ? withoutTasks({ ...after, ending: 'rejected' }) : after;
}

/** The step goes on with its next visit; what others have read of the case is no longer all there is. */
function supplemented(state: CaseState, act: ActOf<'supplemented'>): CaseState {
  const { visit, supplements } = stepOf(state, act.step);
  const after = withStep(state, act.step, {
    task: undefined,
    status: 'waiting',
    visit: visit + 1,
    supplements: supplements + 1,
    since: act.at,
  });
  return openTasks(after).reduce((s, { step }) => withTask(s, step, (task) => ({ ...task, version: task.version + 1 })), after);
}

/**
 * The clocks stand while a case is held: its open tasks are taken back, and what they have used is counted as a visit. The next visit
 * opens when the case goes on, with the days that are left (A9); a supplement's clock begins anew.
 */
function held(state: CaseState, act: ActOf<'held'>): CaseState {
  const without = openTasks(state).reduce((s, { step, visit, supplement, arrivedOn }) => {
    const { spent } = stepOf(s, step);
    return withStep(s, step, {
      ...{ task: undefined, visit: visit + 1, status: supplement ? 'returned' : 'waiting', since: act.at },
      spent: supplement ? spent : [...spent, { arrivedOn, decidedOn: dateOf(act.at) }],
    });
  }, state);
  return { ...without, held: { cause: act.cause, at: act.at } };
}

/** Acts that touch a task and leave it open. */
function onTask(task: OpenTask, act: ActOf<'reassigned' | 'reminded' | 'escalated' | 'claimed' | 'released'>): OpenTask {
  switch (act.kind) {
    case 'reassigned':
      return { ...task, assignee: act.to, claimant: undefined, version: task.version + 1 };
    case 'reminded':
      return { ...task, sent: [...task.sent, `remind:${act.workingDaysLeft}`] };
    case 'escalated':
      return { ...task, sent: [...task.sent, `escalate:${act.level}`], escalatedTo: [...task.escalatedTo, act.to] };
    case 'claimed':
      return { ...task, claimant: act.by?.personId };
    case 'released':
      return { ...task, claimant: undefined };
  }
}

function applied(state: CaseState, act: Act): CaseState {
  switch (act.kind) {
    case 'filed':
    case 'urged':
    case 'identityChecked':
    case 'deadlineMoved':
      return state;
    case 'opened':
      return opened(state, act);
    case 'decided':
      return decided(state, act);
    case 'supplemented':
      return supplemented(state, act);
    case 'reassigned':
    case 'reminded':
    case 'escalated':
    case 'claimed':
    case 'released':
      return withTask(state, act.step, (task) => onTask(task, act));
    case 'recalled':
      return withoutTasks({ ...state, ending: 'recalled' });
    case 'parked':
      return { ...state, parked: { what: act.what, cause: act.cause, step: act.step, at: act.at } };
    case 'held':
      return held(state, act);
    case 'continued':
      return { ...state, held: undefined };
    case 'superseded':
      return withoutTasks({ ...state, ending: 'superseded' });
    case 'effected':
      return { ...state, effected: true, parked: undefined };
    case 'closed':
      return withoutTasks({ ...state, closed: act.outcome, ending: undefined, parked: undefined, held: undefined });
  }
}

const MOVES_VERSION: ReadonlySet<Act['kind']> = new Set<Act['kind']>([
  'filed',
  'opened',
  'decided',
  'supplemented',
  'recalled',
  'reassigned',
  'held',
  'continued',
  'superseded',
  'effected',
  'closed',
]);

/** One act further. Pure: the API, the process and the tests that rebuild the read model all stand on this one function. */
export function fold(state: CaseState, act: Act): CaseState {
  const next = applied(state, act);
  return {
    ...next,
    seen: isProcessAct(act.kind) ? act.seq : state.seen,
    version: state.version + (MOVES_VERSION.has(act.kind) ? 1 : 0),
  };
}

/** The state of a case from all its acts; the first must be `filed` with its route. */
export function caseOf(acts: readonly Act[]): CaseState {
  const first = acts[0];
  if (first?.kind !== 'filed' || !first.route) throw new Error('a case begins with a filed act that carries its route');
  return acts.reduce(fold, newCase(first.route));
}

export interface Hold {
  readonly kind: 'effectParked' | 'stepParked' | 'paused' | 'awaitingSupplement';
  readonly cause: string;
  readonly since: number;
}

/** Why nothing moves, in the words outside clients know; null when the case is with a reviewer. */
export function holdOf(state: CaseState): Hold | null {
  const { parked, held: by } = state;
  if (state.closed || state.ending) return null;
  if (by) return { kind: 'paused', cause: by.cause, since: by.at };
  if (parked) return { kind: parked.what === 'effect' ? 'effectParked' : 'stepParked', cause: parked.cause, since: parked.at };
  const undecided = currentStage(state).filter(({ id }) => stepOf(state, id).status !== 'approved');
  const returned = undecided.filter(({ id }) => ['returned', 'supplementing'].includes(stepOf(state, id).status));
  if (returned.length === 0 || returned.length < undecided.length) return null;
  return {
    kind: 'awaitingSupplement',
    cause: returned.map(({ id }) => id).join(' '),
    since: Math.max(...returned.map(({ id }) => stepOf(state, id).since)),
  };
}
