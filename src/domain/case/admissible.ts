import { saysSomething } from '../text.js';
import type { Verdict } from './acts.js';
import { fullyApproved, openTasks, stepOf, stepsBefore, takesEffectAt, taskOf, type CaseState, type OpenTask } from './case.js';
import type { Moment } from './claims.js';
import { holds, REVIEWING, type Actor } from '../offices.js';
import { isOperatorMove, mayOperate, type OperatorMove } from './operators.js';
import { refusal, type Refusal } from '../refusal.js';
import { mayTouch } from '../service-account.js';
import { mayRetract } from './retraction.js';
import {
  hasClaimed,
  inOffice,
  isFiler,
  isSuperior,
  isSupervisor,
  mayBeIts,
  mayObject,
  mayWork,
  overrules,
  personsOf,
  takesPart,
  unclaimedByOthers,
} from './who.js';

/** A move that a person asks for. */
export type Move =
  | { do: 'decide'; taskId: string; verdict: Verdict; opinion: string; version: number; to?: string }
  | { do: 'supplement'; taskId: string }
  | { do: 'recall' }
  | { do: 'retract'; taskId: string }
  | { do: 'claim'; taskId: string }
  | { do: 'release'; taskId: string }
  | { do: 'reassign'; taskId: string; to?: string }
  | { do: 'delegate'; taskId: string; to?: string }
  | { do: 'answerDelegation'; taskId: string }
  | { do: 'withdrawDelegation'; taskId: string }
  | { do: 'consult'; taskId: string }
  | { do: 'answerConsultation'; consultationId: string }
  | { do: 'copy' }
  | { do: 'comment' }
  | { do: 'object' }
  | { do: 'urge'; taskId?: string }
  | { do: 'answerUrge'; taskId: string }
  | OperatorMove;

type TaskMove = Exclude<Move, OperatorMove | { do: 'recall' | 'retract' | 'answerConsultation' | 'copy' | 'comment' | 'object' }>;

/**
 * The one judge of what a person may do now (`moment`: for claims lapse); called under the request's row lock.
 * Undefined means admissible.
 */
export function admissible(state: CaseState, move: Move, actor: Actor, moment: Moment): Refusal | undefined {
  return outsideAccount(state, actor) ?? ofMove(state, move, actor, moment);
}

/** A service account may be kept to some kinds of request. */
const outsideAccount = ({ route }: CaseState, { service }: Actor): Refusal | undefined =>
  mayTouch(service, route.kind) ? undefined : refusal('outside-service-account');

function ofMove(state: CaseState, move: Move, actor: Actor, moment: Moment): Refusal | undefined {
  if (state.closed || state.ending) return move.do === 'decide' ? refusal('already-decided') : refusal('request-closed');
  if (isOperatorMove(move)) return mayOperate(state, move, actor);
  if (move.do === 'recall') return mayRecall(state, actor, moment);
  if (move.do === 'comment') return actor.offices.length > 0 ? undefined : refusal('not-your-request');
  if (move.do === 'object') return mayObject(state, actor);
  if (move.do === 'copy') return takesPart(state, actor) ? undefined : refusal('not-your-request');
  if (state.held) return refusal('request-held');
  if (move.do === 'answerConsultation') return mayAnswer(state, move.consultationId, actor);
  if (move.do === 'retract') return mayRetract(state, move.taskId, actor, moment);
  if (move.do === 'urge' && move.taskId === undefined) return isFiler(state, actor) ? undefined : refusal('not-your-request');
  const task = taskOf(state, move.taskId ?? '');
  if (!task) return refusal(move.do === 'supplement' ? 'not-a-supplement' : 'already-decided');
  return onOpenTask(state, task, move, actor, moment);
}

function onOpenTask(state: CaseState, task: OpenTask, move: TaskMove, actor: Actor, moment: Moment): Refusal | undefined {
  switch (move.do) {
    case 'decide':
      return mayDecide(state, task, move, actor, moment);
    case 'supplement':
      if (!task.supplement) return refusal('not-a-supplement');
      return mayWork(state, task, actor) ?? unclaimedByOthers(state, task, actor, moment);
    case 'claim':
      return mayTake(state, task, actor, moment);
    case 'release':
      return hasClaimed(state, task, actor, moment) ? undefined : refusal('not-claimed-by-you');
    case 'reassign':
      return mayReassign(state, task, actor, moment) ?? mayBeIts(state, task, move.to ?? '');
    case 'delegate':
      if (task.supplement) return refusal('not-your-task');
      return notDelegated(task) ?? mayTake(state, task, actor, moment) ?? mayBeDelegate(state, task, actor, move.to ?? '');
    case 'answerDelegation':
      return isOneOf(state, task, actor, task.delegation?.to) ? undefined : refusal('not-delegated-to-you');
    case 'withdrawDelegation':
      return isOneOf(state, task, actor, task.delegation?.by) ? undefined : refusal('not-delegated-by-you');
    case 'consult':
      return task.supplement ? refusal('not-your-task') : mayTake(state, task, actor, moment);
    case 'answerUrge':
      return inOffice(state, task, actor) ? undefined : refusal('not-your-task');
    case 'urge':
      return isSuperior(task, actor) ? undefined : refusal('not-your-task');
  }
}

const isOneOf = (state: CaseState, task: OpenTask, actor: Actor, person = ''): boolean =>
  inOffice(state, task, actor) && personsOf(state, task, actor).includes(person);

/** A colleague: neither the actor nor the absent person for whom the actor stands in. */
const mayBeDelegate = (state: CaseState, task: OpenTask, actor: Actor, to: string): Refusal | undefined =>
  personsOf(state, task, actor).includes(to) ? refusal('not-yours-to-delegate') : mayBeIts(state, task, to);

const notDelegated = (task: OpenTask): Refusal | undefined => (task.delegation ? refusal('delegated') : undefined);

const mayTake = (state: CaseState, task: OpenTask, actor: Actor, moment: Moment): Refusal | undefined =>
  mayWork(state, task, actor) ?? mayBeIts(state, task, ...personsOf(state, task, actor)) ?? unclaimedByOthers(state, task, actor, moment);

/** The holder's office hands it on, but no colleague what another has claimed. */
function mayReassign(state: CaseState, task: OpenTask, actor: Actor, moment: Moment): Refusal | undefined {
  if (overrules(task, actor)) return undefined;
  return inOffice(state, task, actor) ? unclaimedByOthers(state, task, actor, moment) : refusal('not-your-task');
}

/** Until its last approval, and after it as long as it waits for its day (A20): then all who decided are told. */
function mayRecall(state: CaseState, actor: Actor, { now }: Moment): Refusal | undefined {
  if (!isFiler(state, actor)) return refusal('not-your-request');
  // What is parked will perhaps never take effect; its filer may take it back.
  const waits = state.parked !== undefined || now < (takesEffectAt(state) ?? 0);
  return fullyApproved(state) && !waits ? refusal('already-approved') : undefined;
}

/** Who holds an office of review at the organisation that was asked, as long as the decision has not been made. */
function mayAnswer(state: CaseState, id: string, actor: Actor): Refusal | undefined {
  const asked = state.consultations[id];
  const mine = REVIEWING.some((office) => holds(actor, office, asked?.organisationId ?? ''));
  if (!asked || !mine) return refusal('not-your-task');
  return asked.answered || !taskOf(state, asked.taskId) ? refusal('consultation-closed') : undefined;
}

type Decision = Extract<Move, { do: 'decide' }>;

function mayDecide(state: CaseState, task: OpenTask, move: Decision, actor: Actor, moment: Moment): Refusal | undefined {
  if (task.supplement) return refusal('not-your-task');
  return whoDecides(state, task, move.verdict, actor, moment) ?? howDecides(state, task, move, actor);
}

function whoDecides(state: CaseState, task: OpenTask, verdict: Verdict, actor: Actor, moment: Moment): Refusal | undefined {
  const returnsAgain = verdict === 'return' && stepOf(state, task.step).returns > 0;
  const supervises = returnsAgain && isSupervisor(task, actor);
  if (!inOffice(state, task, actor) && !supervises) return refusal('not-your-task');
  const conflict = mayBeIts(state, task, ...(supervises ? [actor.personId] : personsOf(state, task, actor)));
  if (conflict || returnsAgain) return conflict;
  return mayWork(state, task, actor) ?? notDelegated(task) ?? unclaimedByOthers(state, task, actor, moment);
}

const asksRuling = ({ route }: CaseState, task: OpenTask): boolean =>
  route.steps.some(({ id, asks }) => id === task.step && asks === 'ruling');

function howDecides(state: CaseState, task: OpenTask, move: Decision, actor: Actor): Refusal | undefined {
  // There is nobody to return it to, and a rejection would leave both sides where they are (A5).
  if (move.verdict !== 'approve' && asksRuling(state, task)) return refusal('ruling-required');
  if (move.version !== task.version) return refusal('stale-version', { version: task.version });
  if (move.verdict !== 'approve' && !saysSomething(move.opinion)) return refusal('opinion-required');
  if (move.to !== undefined && !stepsBefore(state, task.step).some(({ id }) => id === move.to)) return refusal('not-an-earlier-step');
  const secondReturn = move.verdict === 'return' && stepOf(state, task.step).returns > 0;
  return secondReturn && !isSupervisor(task, actor) ? refusal('second-return-needs-supervisor') : undefined;
}

/** The verdicts this person may give on this task now; what a task publishes as `allowedVerdicts`. */
export function allowedVerdicts(state: CaseState, taskId: string, actor: Actor, moment: Moment): Verdict[] {
  const task = openTasks(state).find((one) => one.taskId === taskId);
  if (!task) return [];
  const ask = (verdict: Verdict) =>
    admissible(state, { do: 'decide', taskId, verdict, opinion: 'any', version: task.version }, actor, moment);
  return (['approve', 'reject', 'return'] as const).filter((verdict) => ask(verdict) === undefined);
}
