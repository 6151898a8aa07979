import type { ActBody, Outcome } from './acts.js';
import type { AgendaItem } from './agenda.js';
import { currentStage, fullyApproved, openTasks, stepOf, takesEffectAt, type CaseState, type OpenTask } from './case.js';
import { fold } from './fold.js';

/** What the process does next. Each but `end` and `wait` is one named activity that appends one act. */
export type Todo =
  | { readonly do: 'end'; readonly outcome: Outcome }
  | { readonly do: 'wait'; readonly until?: number }
  | { readonly do: 'openTask'; readonly step: string; readonly visit: number; readonly supplement: boolean }
  | { readonly do: 'remind'; readonly item: AgendaItem }
  | { readonly do: 'escalate'; readonly item: AgendaItem }
  | { readonly do: 'applyChange' }
  | { readonly do: 'close'; readonly outcome: Outcome };

/** The next move of a case: pure, from its acts, the agenda of its open tasks and the present instant (epoch milliseconds). */
export function next(state: CaseState, agenda: readonly AgendaItem[], now: number): Todo {
  if (state.closed) return { do: 'end', outcome: state.closed };
  if (state.ending) return { do: 'close', outcome: state.ending };
  if (state.effected) return { do: 'close', outcome: 'approved' };
  if (state.seen === 0 || state.held) return { do: 'wait' };
  if (fullyApproved(state)) {
    const until = takesEffectAt(state);
    return until === undefined || until <= now ? { do: 'applyChange' } : { do: 'wait', until };
  }
  // A parked step is tried again last: beside it another step of the stage opens, and its messages go out.
  const [parked, others] = [toOpen(state, true), toOpen(state, false)];
  return others ?? toSend(agenda, now) ?? parked ?? { do: 'wait', until: agenda[0]?.at };
}

function toOpen(state: CaseState, parked: boolean): Todo | undefined {
  for (const { id } of currentStage(state)) {
    const { status, visit } = stepOf(state, id);
    if ((state.parked?.step === id) !== parked) continue;
    if (status === 'waiting') return { do: 'openTask', step: id, visit, supplement: false };
    if (status === 'returned') return { do: 'openTask', step: id, visit, supplement: true };
  }
  return undefined;
}

function toSend(agenda: readonly AgendaItem[], now: number): Todo | undefined {
  const due = agenda.filter((item) => item.at <= now);
  // A reminder whose successor is due as well comes too late to help (the process was down): only the last message goes out.
  const item = due.find((one) => one.what === 'escalate' || !due.some((other) => other.taskId === one.taskId && other.at > one.at));
  return item && { do: item.what, item };
}

/**
 * What a woken run expects to come next, if the request was filed, or its open task approved or supplemented. It is a guess: the activity
 * checks it under the row lock and writes nothing if something else comes next.
 */
export function expectedNext(state: CaseState): Todo {
  const seq = state.seen + 1;
  if (state.seen === 0) return next({ ...state, seen: seq }, [], 0);
  return next(
    openTasks(state).reduce((after, task) => fold(after, { ...hopedFor(task), seq, at: 0 }), state),
    [],
    0,
  );
}

const hopedFor = ({ taskId, step, visit, supplement, arrivedOn }: OpenTask): ActBody =>
  supplement
    ? { kind: 'supplemented', taskId, step, visit, evidenceIds: [], late: false }
    : { kind: 'decided', taskId, step, visit, verdict: 'approve', decidedOn: arrivedOn };

/** Whether exactly this comes next, by the acts alone; whether the day of an effect has come, its activity asks. */
export const comesNext = (state: CaseState, todo: Todo): boolean => {
  const due = next(state, [], Infinity);
  switch (due.do) {
    case 'openTask':
      return todo.do === 'openTask' && todo.step === due.step && todo.visit === due.visit && todo.supplement === due.supplement;
    case 'close':
      return todo.do === 'close' && todo.outcome === due.outcome;
    default:
      return due.do === 'applyChange' && todo.do === 'applyChange';
  }
};

/** Until when a run rests that has done what it could: the next message, or the instant at which the change takes effect. */
export function restsUntil(state: CaseState, agenda: readonly AgendaItem[]): number | undefined {
  const todo = next(state, agenda, 0);
  return todo.do === 'wait' ? todo.until : agenda[0]?.at;
}

/** Whether the process still has something to do before it waits: `processing` in the API's answers. */
export const isProcessing = (state: CaseState): boolean => {
  const todo = next(state, [], 0).do;
  return todo === 'close' || (todo !== 'wait' && todo !== 'end' && !state.parked);
};
