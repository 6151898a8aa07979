import { REVIEWING, holds, type Actor } from '../offices.js';
import type { CaseState, OpenTask } from './case.js';
import { inOffice, isSuperior, isSupervisor } from './who.js';

/** As what a person reads whom an open task is about. */
export type SubjectReader = 'decides' | 'advises' | 'supervises';

/**
 * Who reads whom an open task is about, wherever the student studies:
 * 1. whoever works in the task's office, which decides it;
 * 2. the holder's supervisor, that of the authority above it, and the superior that the overdue task went to;
 * 3. whoever is asked for an opinion on it, until it is given.
 * Who only hands in a supplement decides nothing and reads no more than before.
 */
export function subjectReader(state: CaseState, task: OpenTask, actor: Actor): SubjectReader | undefined {
  if (!task.supplement && inOffice(state, task, actor)) return 'decides';
  if (isSupervisor(task, actor) || isSuperior(task, actor)) return 'supervises';
  return isAsked(state, task, actor) ? 'advises' : undefined;
}

const isAsked = ({ consultations }: CaseState, { taskId }: OpenTask, actor: Actor): boolean =>
  Object.values(consultations).some(
    (one) => one.taskId === taskId && !one.answered && REVIEWING.some((office) => holds(actor, office, one.organisationId)),
  );
