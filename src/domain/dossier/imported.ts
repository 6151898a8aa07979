/** What an authority brings in from before this system: students, graduates, past changes and certificates. Pure. */
import type { PlainDate } from '../working-days.js';
import { isOnRoll, type EnrolmentState } from './dossier.js';

export const IMPORT_KINDS = ['students', 'graduates', 'changes', 'certificates'] as const;
export type ImportKind = (typeof IMPORT_KINDS)[number];

/** 曾办理的异动: past changes of who stayed a student. A transfer led to the school that has the student now. */
export const PAST_CHANGES = ['transfer', 'suspension', 'resumption', 'repeatYear', 'changeMajor', 'changeStudyMode'] as const;
export type PastChangeKind = (typeof PAST_CHANGES)[number];

/** What of a study a past change may have found otherwise. */
export interface StudyBefore {
  readonly grade?: string;
  readonly majorCode?: string;
  readonly studyMode?: string;
}

export interface PastChange {
  readonly kind: PastChangeKind;
  /** Its first day. */
  readonly effectiveOn: PlainDate;
  readonly before?: StudyBefore;
  /** Of a suspension: its last day, where it is known. */
  readonly until?: PlainDate | null;
}

/** An enrolment as it stands at the import. */
export interface ImportedEnrolment {
  readonly state: EnrolmentState;
  /** First day at the school. */
  readonly validFrom: PlainDate;
  /** First day in the state: of a graduate the day of graduation, of who is suspended the first day of the suspension. */
  readonly since: PlainDate;
  readonly suspendedUntil: PlainDate | null;
  readonly validTo: PlainDate | null;
  readonly grade: string;
  readonly majorCode: string | null;
  readonly studyMode: string;
  readonly className: string | null;
}

/** Why a list of past changes does not lead to the present: the field of which change, by its place in the list. */
export interface HistoryFault {
  readonly nth: number;
  readonly field: 'effectiveOn' | 'kind' | 'before';
}

/** The field that a change found otherwise, and that has to be told. */
const FOUND: Readonly<Partial<Record<PastChangeKind, keyof StudyBefore>>> = {
  repeatYear: 'grade',
  changeMajor: 'majorCode',
  changeStudyMode: 'studyMode',
};

/** What of a change must be told as it was before. */
export const foundField = (kind: PastChangeKind): keyof StudyBefore | undefined => FOUND[kind];

/**
 * How an enrolment stood from its first day to the present, oldest first: from the present backwards, because each change says what it
 * found. Changes are in the order of their days. Faults instead, where they contradict the present or one another.
 */
export function pastVersionsOf(
  present: ImportedEnrolment,
  changes: readonly PastChange[],
): { readonly versions: readonly ImportedEnrolment[] } | { readonly faults: readonly HistoryFault[] } {
  const faults = changes.flatMap((change, nth): HistoryFault[] => {
    const outside = change.effectiveOn < present.validFrom || (present.validTo !== null && change.effectiveOn > present.validTo);
    const untold = FOUND[change.kind] !== undefined && change.before?.[FOUND[change.kind]!] === undefined;
    return [...(outside ? [{ nth, field: 'effectiveOn' as const }] : []), ...(untold ? [{ nth, field: 'before' as const }] : [])];
  });
  const studying: EnrolmentState = isOnRoll(present.state) ? present.state : 'active';
  let after: ImportedEnrolment = { ...present, state: studying, validTo: null };
  const versions: ImportedEnrolment[] = [];
  for (const [nth, change] of [...changes.entries()].reverse()) {
    const state = stateBefore(change.kind, after.state);
    if (state === undefined) faults.push({ nth, field: 'kind' });
    const until = after.state === 'suspended' ? (change.until ?? after.suspendedUntil) : null;
    versions.unshift({ ...after, since: change.effectiveOn, suspendedUntil: until });
    after = earlier(after, change, state ?? after.state);
  }
  if (faults.length > 0) return { faults: faults.toSorted((a, b) => a.nth - b.nth) };
  const first = { ...after, since: present.validFrom, ...(changes.length === 0 ? { state: 'active' as const, suspendedUntil: null } : {}) };
  const lastChange = changes.at(-1)?.effectiveOn ?? present.validFrom;
  const last = { ...present, since: present.since > lastChange ? present.since : lastChange };
  const isOver = last.since > lastChange || !isOnRoll(present.state);
  return { versions: [first, ...versions, ...(isOver ? [last] : [])] };
}

/** In which state a change found the enrolment; undefined where it can't have led to the state after it. */
function stateBefore(kind: PastChangeKind, after: EnrolmentState): EnrolmentState | undefined {
  if (kind === 'suspension') return after === 'suspended' ? 'active' : undefined;
  if (kind === 'resumption') return after === 'active' ? 'suspended' : undefined;
  return after === 'active' ? 'active' : undefined;
}

/** A class belongs to a grade and a major, so of an earlier one none is known. */
function earlier(after: ImportedEnrolment, { before = {} }: PastChange, state: EnrolmentState): ImportedEnrolment {
  const { grade = after.grade, majorCode = after.majorCode, studyMode = after.studyMode } = before;
  const moved = grade !== after.grade || majorCode !== after.majorCode;
  return { ...after, grade, majorCode, studyMode, state, suspendedUntil: null, className: moved ? null : after.className };
}
