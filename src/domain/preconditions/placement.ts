import type { Placement } from '../case/acts.js';
import { gradeInReach, type InGrade } from '../dossier/grades.js';
import type { NamedClass } from '../dossier/school-class.js';
import { placeFault, type Offer, type Study, type StudyFault, type StudyPlace } from '../dossier/study.js';
import type { Policy } from '../policy/policy.js';
import { isTransfer, type Kind } from '../procedure/procedure.js';
import { blocker, type Blocker } from '../refusal.js';
import { classBlocker } from './classes.js';
import { mayTakeEffectOn, type AboutEnrolment } from './facts.js';
import { gradeNotEarlier, lengthAndEntrySame, majorSimilar } from './optional.js';

/** Around a placement: the kind, its policy, the enrolment as it stands and the day of the decision. */
export interface Placing {
  readonly kind: Kind;
  readonly policy: Policy;
  readonly enrolment: InGrade & Pick<AboutEnrolment, 'validFrom' | 'since' | 'majorCode' | 'studyMode' | 'lengthYears'>;
  readonly today: string;
  /** The school where the student is placed, with its offers of the major. */
  readonly place: StudyPlace;
  /** What the school's register says of the class that the placement names; undefined where it names none. */
  readonly namedClass?: NamedClass;
  /** By which the student studied before; undefined where the former school filed none. */
  readonly former?: Offer;
}

/** What a student studies after a placement: what it leaves out stays, but that an ordinary school has neither majors nor other modes. */
export function studyPlaced(
  { majorCode, grade }: Placement,
  { enrolment, place: { track } }: { readonly enrolment: Study; readonly place: Pick<StudyPlace, 'track'> },
): Study {
  const placed = { ...enrolment, grade: grade ?? enrolment.grade };
  if (track === 'ordinary') return { ...placed, majorCode: majorCode ?? null, studyMode: 'fullTime' };
  return { ...placed, majorCode: majorCode ?? enrolment.majorCode };
}

/** What of a placement a fault lies in: who leaves a value out gives it. */
const AT: Readonly<Partial<Record<StudyFault['field'], string>>> = { majorCode: '/data/majorCode', studyMode: '/data/majorCode' };

/** What speaks against the placement that a school gives when it approves, each with its field; empty when nothing does. */
export function placementBlockers(placement: Placement, { kind, policy, enrolment, today, place, namedClass, former }: Placing): Blocker[] {
  const { majorCode, grade, firstDay } = placement;
  const owner = isTransfer(kind) ? 'destinationSchool' : 'filer';
  const { rules } = policy.kinds[kind];
  const earlier = kind === 'resumption' ? gradeNotEarlier(grade, enrolment.grade) : undefined;
  const tooFar = grade !== undefined && !gradeInReach(kind, grade, enrolment, today);
  const placed = studyPlaced(placement, { enrolment, place });
  const found = earlier || tooFar ? undefined : placeFault({ ...placed, lengthYears: undefined }, place);
  return [
    // The first day is the day of effect unless the filer named one.
    firstDay !== undefined && !mayTakeEffectOn(firstDay, enrolment, today, policy)
      ? blocker('effective-date-out-of-range', owner, '/data/firstDay')
      : undefined,
    rules.includes('similarMajor') ? majorSimilar(majorCode, enrolment.majorCode) : undefined,
    found && blocker(found.code, owner, AT[found.field]),
    !found && rules.includes('sameLengthAndEntry') ? lengthAndEntrySame(placed, place, former) : undefined,
    classBlocker(namedClass, placed, { owner, pointer: '/data/className' }),
    earlier ?? (tooFar ? blocker('grade-out-of-reach', owner, '/data/grade') : undefined),
  ].filter((one) => one !== undefined);
}
