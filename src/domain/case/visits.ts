import type { OpenTask, StepState } from './case.js';
import { dateOf } from '../working-days.js';

/** A visit that has ended, from its arrival to its decision or to the day on which it was stopped. */
export interface Visit {
  readonly taskId?: string;
  readonly arrivedOn: string;
  readonly decidedOn: string;
  /** Whose days it took; nobody's own when it was taken back untouched. */
  readonly holder?: string;
}

/** The visit of a task, now that it has ended; a supplement is none. */
export const endedVisits = (task: OpenTask | undefined, decidedOn: string): Visit[] =>
  task && !task.supplement ? [{ taskId: task.taskId, arrivedOn: task.arrivedOn, decidedOn, holder: task.holder }] : [];

/**
 * A step begins again with its next visit. An open task is stopped, and the holder's used days count, so that the next visit has the rest
 * (A9).
 */
export function stepAnew(step: StepState, at: number): StepState {
  if (step.status === 'waiting') return step;
  const spent = [...step.spent, ...endedVisits(step.task, dateOf(at))];
  return { ...step, task: undefined, visit: step.visit + 1, status: 'waiting', spent, since: at };
}

/**
 * The same for a holder that did nothing in the visit. The next visit has all days; the days that passed count only in a total for all
 * steps.
 */
export function stepAnewUntouched(step: StepState, at: number): StepState {
  const passed = endedVisits(step.task, dateOf(at)).map((visit) => ({ ...visit, holder: undefined }));
  return { ...stepAnew(step, at), spent: [...step.spent, ...passed] };
}

/** A clock that stands: the next visit opens when the case goes on, a supplement's clock begins anew. */
export const pausedStep = (step: StepState, at: number): StepState =>
  step.task ? { ...stepAnew(step, at), status: step.task.supplement ? 'returned' : 'waiting' } : step;
