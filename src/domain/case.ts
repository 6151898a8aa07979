import { isProcessAct, type Act, type Outcome, type Verdict } from './acts.js';
import { askedAnew, withConsultation, type Consultations } from './consultations.js';
import { climbOf } from './ladder.js';
import type { Capacity, Route, RouteStep } from './procedure.js';
import type { Office } from './offices.js';
import { onTask } from './on-task.js';
import { anew, ended, stopped, untouched, type Visit } from './visits.js';

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
  /** When the claim lapses, epoch milliseconds: to be asked with `claimantOf`. */
  readonly claimLapsesAt?: number;
  /** A colleague looks into it for the delegator; until it ends nobody decides. */
  readonly delegation?: { readonly to: string; readonly by: string };
  readonly version: number;
}

/** The last decision of a step and who made it, which that person may take back while nobody has gone on from it. */
export interface LastDecision {
  readonly taskId: string;
  readonly seq: number;
  readonly verdict: Verdict;
  readonly to?: string;
  readonly personId?: string;
  /** The absent person in whose office a proxy decided. */
  readonly principalId?: string;
  readonly holder: string;
  readonly office: Office;
}

export interface StepState {
  /** The visit that runs or comes next; a return makes it one more. */
  readonly visit: number;
  readonly status: 'waiting' | 'open' | 'approved' | 'rejected' | 'returned' | 'supplementing';
  readonly task?: OpenTask;
  readonly returns: number;
  readonly supplements: number;
  /** Each visit so far, from which the remaining working days follow (A9). */
  readonly spent: readonly Visit[];
  /** Persons who decided it, and those in whose office a proxy did. */
  readonly deciders: readonly string[];
  readonly decision?: LastDecision;
  /** The organisation to which an operator redirected it; else the route's. */
  readonly redirectedTo?: string;
  /** When the status last changed, epoch milliseconds. */
  readonly since: number;
}

/** Who holds a case, a request or the operator, and since when (epoch milliseconds). */
export interface Holding {
  readonly by: string;
  readonly cause: string;
  readonly at: number;
}

/** The state of a case: nothing but a fold of its acts. */
export interface CaseState {
  readonly route: Route;
  /** Sequence of the last process act folded; 0 before any. */
  readonly seen: number;
  /** Moves with holder, evidence, supplement and decision; not with reminders, urges, claims or deadlines. */
  readonly version: number;
  readonly steps: Readonly<Record<string, StepState>>;
  /** Who stands in whose place since a merger or closure, by the former organisation's id. */
  readonly inPlaceOf: Readonly<Record<string, string>>;
  /** Decided to end this way, not yet closed. */
  readonly ending?: Outcome;
  readonly parked?: { readonly what: 'effect' | 'step'; readonly cause: string; readonly step?: string; readonly at: number };
  /** Another request of the student holds this one (A16), or an operator has paused it; it goes on when nobody holds it any more. */
  readonly held?: Holding;
  readonly holds: readonly Holding[];
  /** Organisations asked for an opinion 征求意见, by the consultation's id. */
  readonly consultations: Consultations;
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
  inPlaceOf: {},
  holds: [],
  consultations: {},
  effected: false,
});

/** The organisation that stands now where one of the route stood: itself, or whoever followed it, to the end. */
export function standsNow(state: Pick<CaseState, 'inPlaceOf'>, organisationId: string): string {
  let id = organisationId;
  for (let steps = 0; steps < 10; steps += 1) id = state.inPlaceOf[id] ?? id;
  return id;
}

/** Whose moves the filer's are: the organisation that filed, or who stands in its place. */
export const filerNow = (state: CaseState): string => standsNow(state, state.route.filer.organisationId);

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
    spent: [...step.spent, ...ended(step.task, act.decidedOn)],
    deciders: [...step.deciders, ...[act.by?.personId, act.onBehalfOfPerson].filter((id) => id !== undefined)],
    decision: lastDecision(step, act),
    returns: step.returns + (act.verdict === 'return' ? 1 : 0),
    since: act.at,
  });
  if (act.verdict === 'return' && act.to !== undefined) return backTo(after, act.to, act.at);
  return act.verdict === 'reject' ? withoutTasks({ ...after, ending: 'rejected' }) : after;
}

const lastDecision = (
  { task }: StepState,
  { taskId, seq, verdict, to, by, onBehalfOfPerson: principalId }: ActOf<'decided'> & Act,
): LastDecision | undefined =>
  task && { taskId, seq, verdict, to, personId: by?.personId, principalId, holder: task.holder, office: task.office };

const stageOf = ({ route }: CaseState, id: string): number => route.steps.find((step) => step.id === id)?.stage ?? Infinity;

/** The steps of the stages after this step's. */
export const stepsAfter = (state: CaseState, id: string): RouteStep[] =>
  state.route.steps.filter(({ stage }) => stage > stageOf(state, id));
/** The steps of the stages before this step's: to each it may be returned. */
export const stepsBefore = (state: CaseState, id: string): RouteStep[] =>
  state.route.steps.filter(({ stage }) => stage < stageOf(state, id));

const eachStep = (state: CaseState, ids: readonly string[], change: (step: StepState) => StepState): CaseState =>
  ids.reduce((s, id) => withStep(s, id, change(stepOf(s, id))), state);

/** An earlier step decides again, and all that comes after it. */
const backTo = (state: CaseState, to: string, at: number): CaseState =>
  eachStep(state, [to, ...stepsAfter(state, to).map(({ id }) => id)], (step) => anew(step, at));

/** The step decides again; what had opened because of its decision is taken back untouched. */
function retracted(state: CaseState, { step: id, at }: ActOf<'retracted'>): CaseState {
  const { returns, decision, spent } = stepOf(state, id);
  const back = eachStep(state, [id, ...stepsAfter(state, id).map((step) => step.id)], (step) => untouched(step, at));
  return withStep(back, id, { spent, returns: returns - (decision?.verdict === 'return' ? 1 : 0), decision: undefined });
}

/** Each holder has days of its own (Art 14): a visit that is open at the former one is taken back, with the days that it has used. */
const redirected = (state: CaseState, { step: id, to, at }: ActOf<'redirected'>): CaseState => {
  const { task } = stepOf(state, id);
  const back = task && !task.supplement ? eachStep(state, [id], (step) => anew(step, at)) : state;
  return withStep({ ...back, parked: state.parked?.step === id ? undefined : state.parked }, id, { redirectedTo: to });
};

/** Who decides a step when it opens: the route's organisation, or the one to which an operator redirected it. */
export const decidesAt = (state: CaseState, step: RouteStep): string => stepOf(state, step.id).redirectedTo ?? step.organisationId;

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

/** Names the operator among those who hold a case; the others are requests. */
export const OPERATOR = 'operator';

/**
 * The clocks stand while a case is held: its open tasks are taken back, and what they have used is counted as a visit. The next visit
 * opens when the case goes on, with the days that are left (A9); a supplement's clock begins anew.
 */
function held(state: CaseState, { requestId: by = OPERATOR, cause, at }: ActOf<'held'>): CaseState {
  const ids = state.route.steps.map(({ id }) => id);
  return heldBy(
    eachStep(state, ids, (step) => stopped(step, at)),
    [...state.holds, { by, cause, at }],
  );
}

const continued = (state: CaseState, { requestId = OPERATOR }: ActOf<'continued'>): CaseState =>
  heldBy(
    state,
    state.holds.filter(({ by }) => by !== requestId),
  );

const heldBy = (state: CaseState, holds: readonly Holding[]): CaseState => ({ ...state, holds, held: holds[0] });

export const isHeldBy = ({ holds }: CaseState, by: string): boolean => holds.some((one) => one.by === by);

/** What the organisation holds passes on; how often it was escalated stays, now to the superiors of whoever holds it. */
function rerouted(state: CaseState, { from, to, ladder, onBehalf }: ActOf<'rerouted'>): CaseState {
  const climb = climbOf(ladder, state.route.escalateTo);
  const passed = (task: OpenTask): OpenTask => ({
    ...{ ...task, holder: to, ladder, escalatedTo: climb.slice(0, task.escalatedTo.length), version: task.version + 1 },
    ...{ assignee: undefined, claimant: undefined, claimLapsesAt: undefined, delegation: undefined },
    ...(onBehalf ? { onBehalfOf: from, office: 'authorityReviewer' } : {}),
  });
  const told: CaseState = {
    ...state,
    inPlaceOf: { ...state.inPlaceOf, [from]: to },
    consultations: askedAnew(state.consultations, from, to),
  };
  return openTasks(state)
    .filter(({ holder }) => holder === from)
    .reduce((s, { step }) => withTask(s, step, passed), told);
}

/** What is on record and changes nothing that a case is. */
const SAID = [
  'filed',
  'urged',
  'identityChecked',
  'deadlineMoved',
  'copied',
  'commented',
  'objected',
  'urgeAnswered',
  'urgeUnanswered',
  'stale',
  'consultationReminded',
  'noticeReceived',
  'noticeQueried',
  'noticeAnswered',
] as const;
const isSaid = (act: Act): act is ActOf<(typeof SAID)[number]> => (SAID as readonly string[]).includes(act.kind);

function applied(state: CaseState, act: Act): CaseState {
  if (isSaid(act)) return state;
  switch (act.kind) {
    case 'consulted':
      return { ...state, consultations: withConsultation(state.consultations, act.consultationId, { ...act, answered: false }) };
    case 'consultationAnswered':
      return { ...state, consultations: withConsultation(state.consultations, act.consultationId, { answered: true }) };
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
    case 'extended':
    case 'delegated':
    case 'delegationEnded':
      return withTask(state, act.step, (task) => onTask(task, act));
    case 'recalled':
      return withoutTasks({ ...state, ending: 'recalled' });
    case 'rerouted':
      return rerouted(state, act);
    case 'parked':
      return { ...state, parked: { what: act.what, cause: act.cause, step: act.step, at: act.at } };
    case 'held':
      return held(state, act);
    case 'continued':
      return continued(state, act);
    case 'retracted':
      return retracted(state, act);
    case 'redirected':
      return redirected(state, act);
    case 'retried':
      return { ...state, parked: undefined };
    case 'cancelled':
      return withoutTasks({ ...state, ending: 'cancelled' });
    case 'superseded':
      return withoutTasks({ ...state, ending: 'superseded' });
    case 'effected':
      return { ...state, effected: true, parked: undefined };
    case 'closed':
      return withoutTasks({ ...state, closed: act.outcome, ending: undefined, parked: undefined, held: undefined, holds: [] });
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
  'rerouted',
  'retracted',
  'redirected',
  'cancelled',
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
