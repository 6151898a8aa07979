import { fullyApproved, stepOf, stepsAfter, type CaseState, type LastDecision } from './case.js';
import { claimantOf, type Moment } from './claims.js';
import { holds, type Actor } from '../offices.js';
import { refusal, type Refusal } from '../refusal.js';

/**
 * Whether a reviewer may retract the last decision of a step. Nobody may have claimed or decided a task that followed, and it is not the
 * last step. A rejection stands, because it ends the case at once. A return stands, because the earlier step has begun again.
 */
export function mayRetract(state: CaseState, taskId: string, actor: Actor, moment: Moment): Refusal | undefined {
  const step = state.route.steps.find(({ id }) => stepOf(state, id).decision?.taskId === taskId);
  const { decision, status } = step ? stepOf(state, step.id) : { decision: undefined, status: undefined };
  if (!step || !decision) return refusal('nothing-to-retract');
  if (!isIts(decision, actor)) return refusal('not-your-decision');
  if (fullyApproved(state)) return refusal('already-approved');
  const stands = decision.verdict === 'approve' ? status === 'approved' : status === 'returned' || status === 'supplementing';
  if (!stands) return refusal('nothing-to-retract');
  return goneOn(state, step.id, decision, moment) ? refusal('next-step-begun') : undefined;
}

/** Who decided, in the same office still; what a proxy decided, the proxy takes back while it lasts, or the one who was absent. */
const isIts = ({ personId, principalId, office, holder }: LastDecision, actor: Actor): boolean => {
  if (actor.personId !== personId && actor.personId !== principalId) return false;
  const stands = actor.proxies?.some((one) => one.office === office && one.organisationId === holder && one.principalId === principalId);
  return holds(actor, office, holder) || stands === true;
};

function goneOn(state: CaseState, id: string, { seq }: LastDecision, moment: Moment): boolean {
  const own = stepOf(state, id).task; // the supplement that a return opened
  if (own && claimantOf(own, moment) !== undefined) return true;
  return stepsAfter(state, id).some((step) => {
    const { decision, task } = stepOf(state, step.id);
    return (decision?.seq ?? 0) > seq || (task !== undefined && (claimantOf(task, moment) !== undefined || task.delegation !== undefined));
  });
}
