import type { Kind } from '../procedure/procedure.js';
import { blocker, type Blocker } from '../refusal.js';
import { CHANGE_MAJOR, CHANGE_STUDY_MODE, DEATH, REINSTATEMENT, REPEAT_YEAR, SUSPENSION, WITHDRAWAL } from './changes.js';
import { INFO_CORRECTION } from './correction.js';
import type { OptionalRule } from '../policy/policy.js';
import { EVERY_KIND } from './every-kind.js';
import type { Coded, Facts, Rules } from './facts.js';
import type { MessageCode } from '../messages/messages.js';
import { OPTIONAL, OPTIONAL_OWN, OPTIONAL_STUDENT } from './optional.js';
import { REGISTRATION_EXCEPTION } from './registrations.js';
import { STUDY_CORRECTION } from './study-correction.js';
import { JUDGED_AGAIN } from './on-the-day.js';
import { CROSS_TRACK_TRANSFER, TRANSFER } from './transfers.js';

export {
  type AboutStudent,
  type CitedRequest,
  type EvidenceFacts,
  type Facts,
  type NamedFacts,
  type Programme,
  type ReviewerFacts,
} from './facts.js';
export { classBlocker } from './classes.js';
export { gradeNotEarlier, majorSimilar, OPTIONAL } from './optional.js';
export { JUDGED_AGAIN } from './on-the-day.js';
export { evidenceMissing, unknownProofs } from './evidence.js';
export { placementBlockers, studyPlaced, type Placing } from './placement.js';

const NOTHING_MORE: Rules<Kind> = { own: {}, student: {} };

const RULES: { readonly [K in Kind]: Rules<K> } = {
  transfer: TRANSFER,
  crossTrackTransfer: CROSS_TRACK_TRANSFER,
  repeatYear: REPEAT_YEAR,
  changeMajor: CHANGE_MAJOR,
  changeStudyMode: CHANGE_STUDY_MODE,
  suspension: SUSPENSION,
  resumption: NOTHING_MORE,
  withdrawal: WITHDRAWAL,
  deregistration: NOTHING_MORE,
  death: DEATH,
  infoCorrection: INFO_CORRECTION,
  studyCorrection: STUDY_CORRECTION,
  registrationException: REGISTRATION_EXCEPTION,
  reinstatement: REINSTATEMENT,
};

const NOT_MATCHED = blocker('student-not-matched', 'filer', '/details/student');

/** All reasons why this change can't be filed now; empty when it can. */
export function blockersOf<K extends Kind>(facts: Facts<K>): Blocker[] {
  const { theirs, own } = sides(facts);
  return unrepeated([...theirs, ...own]);
}

/**
 * What of them the filer is told; filing and the dry run both answer this. The filer of a cross-track transfer may not see the student:
 * whatever is wrong on the other side is one and the same reason.
 */
export function blockersTold<K extends Kind>(facts: Facts<K>): Blocker[] {
  const { theirs, own } = sides(facts);
  return unrepeated([...(facts.kind === 'crossTrackTransfer' && theirs.length > 0 ? [NOT_MATCHED] : theirs), ...own]);
}

/** What of them speaks against a change on the day on which it is to take effect, after it has waited for that day (A20). */
export function blockersOnTheDay<K extends Kind>(facts: Facts<K>): Blocker[] {
  const { theirs, own } = sides(facts, (rule) => JUDGED_AGAIN.has(rule));
  return unrepeated([...theirs, ...own]);
}

/** Grade, window and term: a joint programme moves its students in their last year (A24), and at a closed school nobody can stay (A25). */
const WAIVED: ReadonlySet<OptionalRule> = new Set<OptionalRule>([
  'notGraduatingGrade',
  'withinGradeWindow',
  'withinTransferWindow',
  'notUnderOneTerm',
]);
const isWaived = ({ kind, programme, student }: Facts): boolean =>
  kind === 'transfer' && (programme !== undefined || student?.source.acting === true);

/** A precondition with a code by which it refuses. */
export interface Precondition {
  readonly rule: string;
  readonly code: MessageCode;
}

/** What a kind asks under every policy, in the order in which it is asked: each rule with each code by which it refuses. */
export const alwaysAsked = (kind: Kind): Precondition[] => {
  const { student, own } = RULES[kind];
  const rules: Readonly<Record<string, Coded<unknown>>> = { ...student, ...EVERY_KIND.student, ...own, ...EVERY_KIND.own };
  const asked = Object.entries(rules).filter(([, { never }]) => !never?.has(kind));
  const named = asked.flatMap(([rule, { codes }]) => codes.map((code) => ({ rule, code })));
  return kind === 'crossTrackTransfer' ? [{ rule: 'studentMatched', code: NOT_MATCHED.code }, ...named] : named;
};

function sides<K extends Kind>(facts: Facts<K>, asked: (rule: string) => boolean = () => true): { theirs: Blocker[]; own: Blocker[] } {
  const { kind, policy, student } = facts;
  const rules: Rules<K> = RULES[kind];
  const waived = isWaived(facts);
  const switchedOn = policy.kinds[kind].rules.filter(
    (name) => asked(name) && OPTIONAL[name].kinds.includes(kind) && !(waived && WAIVED.has(name)),
  );
  const ofStudent = [
    ...checks(rules.student, asked),
    ...checks(EVERY_KIND.student, asked),
    ...switchedOn.flatMap((name) => OPTIONAL_STUDENT[name] ?? []),
  ];
  const ownRules = [
    ...checks(rules.own, asked),
    ...checks(EVERY_KIND.own, asked),
    ...switchedOn.flatMap((name) => OPTIONAL_OWN[name] ?? []),
  ];
  return {
    theirs: student ? ofStudent.flatMap((rule) => rule(student, facts) ?? []) : [NOT_MATCHED],
    own: ownRules.flatMap((rule) => rule(facts) ?? []),
  };
}

const checks = <Rule>(rules: Readonly<Record<string, Coded<Rule>>>, asked: (rule: string) => boolean): Rule[] =>
  Object.entries(rules).flatMap(([rule, { check }]) => (asked(rule) ? [check] : []));

/** One reason is named once; the same code for another field, or another document, is another reason. */
const unrepeated = (blockers: readonly Blocker[]): Blocker[] =>
  blockers.filter(
    ({ code, pointer, item }, i) =>
      blockers.findIndex((other) => other.code === code && other.pointer === pointer && other.item?.id === item?.id) === i,
  );
