import type { Verdict } from './acts.js';
import { filerNow, fullyApproved, openTasks, stepOf, taskOf, type CaseState, type OpenTask } from './case.js';
import { FILERS_OFFICES, holds, type Actor } from './offices.js';
import { refusal, type Refusal } from './refusal.js';

/** A move that a person asks for. */
export type Move =
  | { do: 'decide'; taskId: string; verdict: Verdict; opinion: string; version: number }
  | { do: 'supplement'; taskId: string }
  | { do: 'recall' }
  | { do: 'claim'; taskId: string }
  | { do: 'release'; taskId: string }
  | { do: 'reassign'; taskId: string; to?: string }
  | { do: 'urge'; taskId?: string };

/** The one judge of what a person may do now; called under the request's row lock. Undefined means admissible. */
export function admissible(state: CaseState, move: Move, actor: Actor): Refusal | undefined {
  const stands = endedOrHeld(state, move);
  if (stands) return stands;
  if (move.do === 'recall') return mayRecall(state, actor);
  if (move.do === 'urge' && move.taskId === undefined) return isFiler(state, actor) ? undefined : refusal('not-your-request');
  const task = taskOf(state, move.taskId ?? '');
  if (!task) return refusal(move.do === 'supplement' ? 'not-a-supplement' : 'already-decided');
  switch (move.do) {
    case 'decide':
      return mayDecide(state, task, move, actor);
    case 'supplement':
      return task.supplement ? mayWork(task, actor) : refusal('not-a-supplement');
    case 'claim':
      return mayWork(task, actor) ?? mayBeIts(state, task, actor.personId) ?? unclaimedByOthers(task, actor);
    case 'release':
      return task.claimant === actor.personId ? undefined : refusal('not-claimed-by-you');
    case 'reassign':
      return inOffice(task, actor) || isSuperior(task, actor) ? mayBeIts(state, task, move.to ?? '') : refusal('not-your-task');
    case 'urge':
      return isSuperior(task, actor) ? undefined : refusal('not-your-task');
  }
}

/** The filer's moves pass to the successor's clerks, or to the authority that acts for a closed school. */
const isFiler = (state: CaseState, actor: Actor) => FILERS_OFFICES.some((office) => holds(actor, office, filerNow(state)));
function endedOrHeld(state: CaseState, move: Move): Refusal | undefined {
  if (state.closed || state.ending) return move.do === 'decide' ? refusal('already-decided') : refusal('request-closed');
  return state.held && move.do !== 'recall' ? refusal('request-held') : undefined;
}

const inOffice = (task: OpenTask, actor: Actor) => holds(actor, task.office, task.holder);
/** The superior authority to which the overdue task went: it may urge or reassign within the holder, never decide for it (A4). */
const isSuperior = (task: OpenTask, actor: Actor) => task.escalatedTo.some((id) => holds(actor, 'authoritySupervisor', id));
/** The supervisor who may allow a second return: of the holder itself, or of its immediate superior (A9). */
const isSupervisor = (task: OpenTask, actor: Actor) =>
  [task.holder, task.ladder[0]].some((id) => id !== undefined && holds(actor, 'authoritySupervisor', id));

function mayWork(task: OpenTask, actor: Actor): Refusal | undefined {
  if (!inOffice(task, actor)) return refusal('not-your-task');
  return task.assignee && task.assignee !== actor.personId ? refusal('not-your-task') : undefined;
}

/** Neither the filer nor who decided another step decides this one (invariant 2), so neither claims it or gets it handed. */
function mayBeIts(state: CaseState, task: OpenTask, personId: string): Refusal | undefined {
  if (task.supplement) return undefined;
  const { filer, steps } = state.route;
  const decidedElsewhere = steps.some(({ id }) => id !== task.step && stepOf(state, id).deciders.includes(personId));
  return personId === filer.personId || decidedElsewhere ? refusal('separation-of-duties') : undefined;
}

const unclaimedByOthers = (task: OpenTask, actor: Actor): Refusal | undefined =>
  task.claimant && task.claimant !== actor.personId ? refusal('already-claimed') : undefined;

function mayRecall(state: CaseState, actor: Actor): Refusal | undefined {
  if (!isFiler(state, actor)) return refusal('not-your-request');
  return fullyApproved(state) ? refusal('already-approved') : undefined;
}

type Decision = Extract<Move, { do: 'decide' }>;

function mayDecide(state: CaseState, task: OpenTask, move: Decision, actor: Actor): Refusal | undefined {
  if (task.supplement) return refusal('not-your-task');
  return whoDecides(state, task, move.verdict, actor) ?? howDecides(state, task, move, actor);
}

function whoDecides(state: CaseState, task: OpenTask, verdict: Verdict, actor: Actor): Refusal | undefined {
  const returnsAgain = verdict === 'return' && stepOf(state, task.step).returns > 0;
  if (returnsAgain ? !isSupervisor(task, actor) && !inOffice(task, actor) : !inOffice(task, actor)) return refusal('not-your-task');
  const conflict = mayBeIts(state, task, actor.personId);
  if (conflict || returnsAgain) return conflict;
  return mayWork(task, actor) ?? unclaimedByOthers(task, actor);
}

const asksRuling = ({ route }: CaseState, task: OpenTask): boolean =>
  route.steps.some(({ id, asks }) => id === task.step && asks === 'ruling');

function howDecides(state: CaseState, task: OpenTask, move: Decision, actor: Actor): Refusal | undefined {
  // There is nobody to return it to, and a rejection would leave both sides where they are (A5).
  if (move.verdict !== 'approve' && asksRuling(state, task)) return refusal('ruling-required');
  if (move.version !== task.version) return refusal('stale-version', { version: task.version });
  if (move.verdict !== 'approve' && move.opinion.trim() === '') return refusal('opinion-required');
  const secondReturn = move.verdict === 'return' && stepOf(state, task.step).returns > 0;
  return secondReturn && !isSupervisor(task, actor) ? refusal('second-return-needs-supervisor') : undefined;
}

/** The verdicts this person may give on this task now; what a task publishes as `allowedVerdicts`. */
export function allowedVerdicts(state: CaseState, taskId: string, actor: Actor): Verdict[] {
  const task = openTasks(state).find((one) => one.taskId === taskId);
  if (!task) return [];
  const ask = (verdict: Verdict) => admissible(state, { do: 'decide', taskId, verdict, opinion: '-', version: task.version }, actor);
  return (['approve', 'reject', 'return'] as const).filter((verdict) => ask(verdict) === undefined);
}
