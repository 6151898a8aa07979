import type { Placement } from '../case/acts.js';
import { gradeInReach, type InGrade } from '../dossier/grades.js';
import type { Policy } from '../policy/policy.js';
import { isTransfer, type Kind } from '../procedure/procedure.js';
import { blocker, type Blocker } from '../refusal.js';
import { mayTakeEffectOn, type AboutEnrolment } from './facts.js';
import { gradeNotEarlier, majorSimilar } from './optional.js';

/** Around a placement: the kind, its policy, the enrolment as it stands and the day of the decision. */
export interface Placing {
  readonly kind: Kind;
  readonly policy: Policy;
  readonly enrolment: InGrade & Pick<AboutEnrolment, 'validFrom' | 'since' | 'majorCode'>;
  readonly today: string;
}

/** What speaks against the placement that a school gives when it approves, each with its field; empty when nothing does. */
export function placementBlockers({ majorCode, grade, firstDay }: Placement, { kind, policy, enrolment, today }: Placing): Blocker[] {
  const owner = isTransfer(kind) ? 'destinationSchool' : 'filer';
  const { rules } = policy.kinds[kind];
  const earlier = kind === 'resumption' ? gradeNotEarlier(grade, enrolment.grade) : undefined;
  const tooFar = grade !== undefined && !gradeInReach(kind, grade, enrolment, today);
  return [
    // The first day is the day of effect unless the filer named one.
    firstDay !== undefined && !mayTakeEffectOn(firstDay, enrolment, today, policy)
      ? blocker('effective-date-out-of-range', owner, '/data/firstDay')
      : undefined,
    rules.includes('similarMajor') ? majorSimilar(majorCode, enrolment.majorCode) : undefined,
    earlier ?? (tooFar ? blocker('grade-out-of-reach', owner, '/data/grade') : undefined),
  ].filter((one) => one !== undefined);
}
