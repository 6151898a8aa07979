import type { Actor } from '../offices.js';
import type { Refusal } from '../refusal.js';
import type { Verdict } from './acts.js';
import { admissible, type Move } from './admissible.js';
import { stepOf, taskOf, type CaseState } from './case.js';
import type { Moment } from './claims.js';

/** A move, and why this person may not make it now; no refusal where it is open to them. */
export interface JudgedAction {
  readonly move: Move;
  readonly refusal?: Refusal;
}

const VERDICTS: readonly Verdict[] = ['approve', 'reject', 'return'];

/** The moves on a whole request. */
const ofRequest = (): Move[] => [
  { do: 'recall' },
  { do: 'urge' },
  { do: 'copy' },
  { do: 'comment' },
  { do: 'object' },
  { do: 'cancel' },
  { do: 'pause' },
  { do: 'continue' },
  { do: 'retry' },
];

/** The moves on one task, whether or not it is open. What a move still has to name, such as a colleague, counts as named well. */
function ofTask(state: CaseState, taskId: string): Move[] {
  const version = taskOf(state, taskId)?.version ?? 0;
  return [
    ...VERDICTS.map((verdict): Move => ({ do: 'decide', taskId, verdict, opinion: 'any', version })),
    { do: 'supplement', taskId },
    { do: 'claim', taskId },
    { do: 'release', taskId },
    { do: 'reassign', taskId },
    { do: 'delegate', taskId },
    { do: 'answerDelegation', taskId },
    { do: 'withdrawDelegation', taskId },
    { do: 'consult', taskId },
    { do: 'urge', taskId },
    { do: 'answerUrge', taskId },
    { do: 'retract', taskId },
    { do: 'extend', taskId },
  ];
}

/** Every move on the request, judged for this person now by the one judge. A step that may be redirected counts for all. */
export const actionsOnRequest = (state: CaseState, actor: Actor, moment: Moment): JudgedAction[] =>
  [...ofRequest(), ...redirects(state)].map((move) => judged(state, move, actor, moment));

/** Every move on one of its tasks. */
export const actionsOnTask = (state: CaseState, taskId: string, actor: Actor, moment: Moment): JudgedAction[] =>
  ofTask(state, taskId).map((move) => judged(state, move, actor, moment));

const redirects = (state: CaseState): Move[] =>
  state.route.steps
    .filter(({ id }) => stepOf(state, id).status !== 'approved')
    .slice(0, 1)
    .map(({ id }) => ({ do: 'redirect', step: id, to: '' }));

function judged(state: CaseState, move: Move, actor: Actor, moment: Moment): JudgedAction {
  const refusal = admissible(state, move, actor, moment);
  return refusal ? { move, refusal } : { move };
}
