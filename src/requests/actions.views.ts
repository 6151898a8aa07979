import type { Move } from '../domain/case/admissible.js';
import type { JudgedAction } from '../domain/case/allowed-actions.js';
import { MESSAGES } from '../domain/messages/messages.js';
import { told } from '../platform/http/language.js';
import type { Refusal } from '../domain/refusal.js';
import type { ActionView, BarredView } from './actions.dto.js';

/** The last part of the address of a move: on the request where no task is named, else on the task. */
const NAMES: Readonly<Record<Exclude<Move['do'], 'answerConsultation'>, string>> = {
  decide: 'decision',
  supplement: 'supplement',
  recall: 'recall',
  retract: 'retraction',
  claim: 'claim',
  release: 'release',
  reassign: 'reassignment',
  delegate: 'delegation',
  answerDelegation: 'delegation/answer',
  withdrawDelegation: 'delegation/withdrawal',
  consult: 'consultations',
  copy: 'copies',
  comment: 'comments',
  object: 'objections',
  urge: 'urge',
  answerUrge: 'urge/answer',
  cancel: 'cancellation',
  pause: 'pause',
  continue: 'continuation',
  extend: 'deadline',
  redirect: 'reroute',
  retry: 'retry',
};
export const ACTIONS = [...new Set(Object.values(NAMES))];
/** What is sent to the request, though a task is named. */
const AT_REQUEST: ReadonlySet<Move['do']> = new Set(['supplement', 'extend']);

export const barredView = ({ code }: Refusal): BarredView => ({ code, message: told(MESSAGES[code]) });

/** The judged moves as their callers know them. */
export const actionViews = (requestId: string, actions: readonly JudgedAction[]): ActionView[] =>
  actions.flatMap(({ move, refusal }) => {
    if (move.do === 'answerConsultation') return [];
    const onTask = 'taskId' in move && move.taskId !== undefined && !AT_REQUEST.has(move.do) ? move.taskId : undefined;
    const name = NAMES[move.do];
    return {
      action: name,
      verdict: move.do === 'decide' ? move.verdict : null,
      href: `/api/v1/${onTask === undefined ? `change-requests/${requestId}` : `tasks/${onTask}`}/${name}`,
      allowed: refusal === undefined,
      barred: refusal ? barredView(refusal) : null,
    };
  });
