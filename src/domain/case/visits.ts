import type { OpenTask, StepState } from './case.js';
import { dateOf } from '../working-days.js';

/** A visit that has ended, from its arrival to its decision or the day on which it was taken back. */
export interface Visit {
  readonly taskId?: string;
  readonly arrivedOn: string;
  readonly decidedOn: string;
  /** Whose days it took; nobody's own when it was taken back untouched. */
  readonly holder?: string;
}

/** The visit of a task, now that it has ended; a supplement is none. */
export const ended = (task: OpenTask | undefined, decidedOn: string): Visit[] =>
  task && !task.supplement ? [{ taskId: task.taskId, arrivedOn: task.arrivedOn, decidedOn, holder: task.holder }] : [];

/**
 * A step begins anew with its next visit: an open task is taken back, and what the holder has used of its days is counted, so that the
 * next visit has what is left (A9).
 */
export function anew(step: StepState, at: number): StepState {
  if (step.status === 'waiting') return step;
  const spent = [...step.spent, ...ended(step.task, dateOf(at))];
  return { ...step, task: undefined, visit: step.visit + 1, status: 'waiting', spent, since: at };
}

/**
 * The same for a holder who never had a hand in it: the next visit has all days, and what has passed counts for all steps together alone.
 */
export function untouched(step: StepState, at: number): StepState {
  const passed = ended(step.task, dateOf(at)).map((visit) => ({ ...visit, holder: undefined }));
  return { ...anew(step, at), spent: [...step.spent, ...passed] };
}

/** A clock that stands: the next visit opens when the case goes on, a supplement's clock begins anew. */
export const stopped = (step: StepState, at: number): StepState =>
  step.task ? { ...anew(step, at), status: step.task.supplement ? 'returned' : 'waiting' } : step;
