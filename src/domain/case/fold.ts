import { isProcessAct, isSaid, movesVersion } from './act-kinds.js';
import type { Act, Verdict } from './acts.js';
import {
  newCase,
  OPERATOR,
  openTasks,
  stepOf,
  stepsAfter,
  type CaseState,
  type Holding,
  type LastDecision,
  type OpenTask,
  type StepState,
} from './case.js';
import { askedAnew, withConsultation } from './consultations.js';
import { climbOf } from '../procedure/ladder.js';
import { onTask } from './on-task.js';
import { stepAnew, endedVisits, pausedStep, stepAnewUntouched } from './visits.js';

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
  const { taskId, step, visit, capacities, holder, onBehalfOf, office, workingDays, budget, arrivedOn, ladder } = act;
  const supplement = act.supplement === true;
  const task: OpenTask = {
    taskId,
    step,
    visit,
    supplement,
    capacities,
    holder,
    onBehalfOf,
    office,
    workingDays,
    arrivedOn,
    ladder,
    sent: [],
    escalatedTo: [],
    version: 1,
    ...(budget ? { budget } : {}),
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
    spent: [...step.spent, ...endedVisits(step.task, act.decidedOn)],
    deciders: [...step.deciders, ...[act.by?.personId, act.onBehalfOfPerson, act.accountIssuedBy].filter((id) => id !== undefined)],
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

const eachStep = (state: CaseState, ids: readonly string[], change: (step: StepState) => StepState): CaseState =>
  ids.reduce((s, id) => withStep(s, id, change(stepOf(s, id))), state);

/** An earlier step decides again, and all that comes after it. */
const backTo = (state: CaseState, to: string, at: number): CaseState =>
  eachStep(state, [to, ...stepsAfter(state, to).map(({ id }) => id)], (step) => stepAnew(step, at));

/** The step decides again; what had opened because of its decision is taken back untouched. */
function retracted(state: CaseState, { step: id, at }: ActOf<'retracted'>): CaseState {
  const { returns, decision, spent } = stepOf(state, id);
  const back = eachStep(state, [id, ...stepsAfter(state, id).map((step) => step.id)], (step) => stepAnewUntouched(step, at));
  return withStep(back, id, { spent, returns: returns - (decision?.verdict === 'return' ? 1 : 0), decision: undefined });
}

/** Each holder has days of its own (Art 14). So an open visit at the former holder is stopped, with the days that it has used. */
const redirected = (state: CaseState, { step: id, to, at }: ActOf<'redirected'>): CaseState => {
  const { task } = stepOf(state, id);
  const back = task && !task.supplement ? eachStep(state, [id], (step) => stepAnew(step, at)) : state;
  return withStep({ ...back, parked: state.parked?.step === id ? undefined : state.parked }, id, { redirectedTo: to });
};

/** The step goes on with its next visit; what others have read of the case is no longer all there is. */
function supplemented(state: CaseState, act: ActOf<'supplemented'> & Act): CaseState {
  const { visit, supplements } = stepOf(state, act.step);
  const after = withStep(state, act.step, {
    task: undefined,
    status: 'waiting',
    visit: visit + 1,
    supplements: supplements + 1,
    since: act.at,
  });
  const stating = [act.by?.personId, act.accountIssuedBy].filter((id) => id !== undefined);
  const stated = state.route.beginsWithFiler ? { ...after, statedBy: [...(state.statedBy ?? []), ...stating] } : after;
  return openTasks(stated).reduce((s, { step }) => withTask(s, step, (task) => ({ ...task, version: task.version + 1 })), stated);
}

/**
 * The clocks stand while a case is held: its open tasks are taken back, and what they have used is counted as a visit. The next visit
 * opens when the case goes on, with the days that are left (A9); a supplement's clock begins anew.
 */
function held(state: CaseState, { requestId: by = OPERATOR, cause, at }: ActOf<'held'>): CaseState {
  const ids = state.route.steps.map(({ id }) => id);
  return heldBy(
    eachStep(state, ids, (step) => pausedStep(step, at)),
    [...state.holds, { by, cause, at }],
  );
}

const continued = (state: CaseState, { requestId = OPERATOR }: ActOf<'continued'>): CaseState =>
  heldBy(
    state,
    state.holds.filter(({ by }) => by !== requestId),
  );

const heldBy = (state: CaseState, holds: readonly Holding[]): CaseState => ({ ...state, holds, held: holds[0] });

/** What the organisation holds passes on; how often it was escalated stays, now to the superiors of whoever holds it. */
function rerouted(state: CaseState, { from, to, ladder, onBehalf }: ActOf<'rerouted'>): CaseState {
  const climb = climbOf(ladder, state.route.escalateTo);
  const passed = (task: OpenTask): OpenTask => ({
    ...task,
    holder: to,
    ladder,
    escalatedTo: climb.slice(0, task.escalatedTo.length),
    version: task.version + 1,
    assignee: undefined,
    claim: undefined,
    delegation: undefined,
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
    case 'vacated':
      return withTask(state, act.step, (task) => onTask(task, act));
    case 'recalled':
      return withoutTasks({ ...state, ending: 'recalled' });
    case 'rerouted':
      return rerouted(state, act);
    case 'parked':
      return { ...state, parked: { what: act.what, cause: act.cause, step: act.step, at: act.at } };
    case 'scheduled':
      return { ...state, parked: undefined, scheduled: { until: act.effectiveOn, at: act.at } };
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
      return { ...state, effected: true, parked: undefined, scheduled: undefined };
    case 'closed':
      return withoutTasks({ ...state, closed: act.outcome, ending: undefined, parked: undefined, held: undefined, holds: [] });
  }
}

/** One act further. Pure: the API, the process and the tests that rebuild the read model all stand on this one function. */
export function fold(state: CaseState, act: Act): CaseState {
  const next = applied(state, act);
  return {
    ...next,
    seen: isProcessAct(act.kind) ? act.seq : state.seen,
    version: state.version + (movesVersion(act.kind) ? 1 : 0),
  };
}

/** The state of a case from all its acts; the first must be `filed` with its route. */
export function caseOf(acts: readonly Act[]): CaseState {
  const first = acts[0];
  if (first?.kind !== 'filed' || !first.route) throw new Error('a case begins with a filed act that carries its route');
  return acts.reduce(fold, newCase(first.route));
}
