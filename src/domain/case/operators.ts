import { decidesAt, isPausedBy, OPERATOR, standsNow, stepOf, taskOf, type CaseState } from './case.js';
import type { Actor } from '../offices.js';
import { refusal, type Refusal } from '../refusal.js';

/** The moves of an operator on a case, each with a reason. */
export type OperatorMove =
  | { do: 'cancel' }
  | { do: 'pause' }
  | { do: 'continue' }
  | { do: 'extend'; taskId: string }
  | { do: 'redirect'; step: string; to: string }
  | { do: 'retry' };

const MOVES: ReadonlySet<string> = new Set<OperatorMove['do']>(['cancel', 'pause', 'continue', 'extend', 'redirect', 'retry']);
export const isOperatorMove = (move: { do: string }): move is OperatorMove => MOVES.has(move.do);

export const isOperator = ({ offices }: Actor): boolean => offices.some(({ office }) => office === 'operator');

/** Operators alone, also while the case is paused, and after the last approval as long as the change has not taken effect. */
export function mayOperate(state: CaseState, move: OperatorMove, actor: Actor): Refusal | undefined {
  if (!isOperator(actor)) return refusal('not-your-office');
  if (state.effected) return refusal('request-closed');
  switch (move.do) {
    case 'cancel':
      return undefined;
    case 'pause':
      return isPausedBy(state, OPERATOR) ? refusal('already-paused') : undefined;
    case 'continue':
      return isPausedBy(state, OPERATOR) ? undefined : refusal('not-paused');
    case 'extend':
      return taskOf(state, move.taskId) ? undefined : refusal('already-decided');
    case 'redirect':
      return mayRedirect(state, move);
    case 'retry':
      return state.parked ? undefined : refusal('nothing-parked');
  }
}

function mayRedirect(state: CaseState, { step: id, to }: { step: string; to: string }): Refusal | undefined {
  const step = state.route.steps.find((one) => one.id === id);
  if (!step) return refusal('unknown-step');
  if (stepOf(state, id).status === 'approved') return refusal('already-decided');
  const now = taskOfStep(state, id) ?? standsNow(state, decidesAt(state, step));
  return now === to ? refusal('same-holder') : undefined;
}

const taskOfStep = (state: CaseState, id: string): string | undefined => {
  const { task } = stepOf(state, id);
  return task?.supplement ? undefined : task?.holder;
};
