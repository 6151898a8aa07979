import type { StepState } from './case.js';
import { dateOf } from './working-days.js';

/**
 * A step begins anew with its next visit: an open task is taken back, and what the holder has used of its days is counted, so that the
 * next visit has what is left (A9).
 */
export function anew(step: StepState, at: number): StepState {
  if (step.status === 'waiting') return step;
  const { task, spent } = step;
  const used = task && !task.supplement ? [...spent, { arrivedOn: task.arrivedOn, decidedOn: dateOf(at) }] : spent;
  return { ...step, task: undefined, visit: step.visit + 1, status: 'waiting', spent: used, since: at };
}

/** The same for a holder who never had a hand in it: the next visit has all days. */
export const untouched = (step: StepState, at: number): StepState => ({ ...anew(step, at), spent: step.spent });

/** A clock that stands: the next visit opens when the case goes on, a supplement's clock begins anew. */
export const stopped = (step: StepState, at: number): StepState =>
  step.task ? { ...anew(step, at), status: step.task.supplement ? 'returned' : 'waiting' } : step;
