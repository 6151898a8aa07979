import type { Act, Placement } from '../domain/case/acts.js';
import type { EnrolmentState } from '../domain/dossier/dossier.js';
import type { Study } from '../domain/dossier/study.js';
import type { StudyFact } from '../domain/dossier/study-data.js';
import { dateOf } from '../domain/working-days.js';
import { CLASS_SINCE, classNow } from '../classes/named-classes.js';
import type { Transaction } from '../platform/database/in-scope.js';
import type { CaseDeps, LoadedCase } from '../cases/cases.store.js';

/** Why an approved change can't take effect now. The case parks with this cause and goes on when it is cleared. */
export type Cause =
  | 'student-not-at-source-school'
  | 'illegal-transition'
  | 'grade-out-of-reach'
  | 'destination-school-closed'
  | 'enrolment-held-elsewhere'
  | 'certificate-stands'
  | 'document-in-use'
  | 'registered-elsewhere'
  | 'counter-claim-open'
  | 'no-common-superior'
  | 'over-registered-term'
  | 'registration-period-over'
  | 'identity-not-confirmed'
  | 'identity-service-unavailable';

/** The enrolment that a change is about, locked with its student. */
export interface Enrolment {
  readonly id: string;
  readonly studentId: string;
  readonly schoolId: string;
  readonly state: EnrolmentState;
  readonly grade: string;
  readonly expectedLeavingOn: string;
  readonly validFrom: string;
  readonly since: string;
}

export interface Subject {
  readonly tx: Transaction;
  readonly deps: CaseDeps;
  readonly loaded: LoadedCase;
  readonly enrolment: Enrolment;
  /** The state that the change leads to. */
  readonly to: EnrolmentState;
  readonly today: string;
}

/**
 * 1. The day of effect, and what the student's own act says of it.
 * 2. Or the cause why nothing was written.
 * 3. Or the milliseconds after which to look again; nothing was written.
 */
export type Effected = { effectiveOn: string; body?: Readonly<Record<string, unknown>> } | { cause: Cause } | { retryAfter: number };
export type Effect = (subject: Subject) => Promise<Effected>;

export const textIn = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** The day that somebody named: the filer, else the school that placed the student. */
export const dayAskedFor = (loaded: LoadedCase): string | undefined =>
  textIn(loaded.request.details.effectiveOn) ?? placementOf(loaded).firstDay;

/**
 * The day on which a change takes effect: as it was asked for, else the kind's default, else today. Never another one than was asked for:
 * what may be asked for is judged at the filing and at the placement (A20).
 */
export function dayOf({ loaded, enrolment, today }: Subject, byDefault?: string): string {
  const soonest = today < enrolment.since ? enrolment.since : today; // a registration on its way may stand as it does from a later day on
  return dayAskedFor(loaded) ?? byDefault ?? soonest;
}

/** The placement that a school gave when it approved; what it left out keeps the student's present value. */
export function placementOf({ acts }: Pick<LoadedCase, 'acts'>): Placement {
  const bodies = acts.filter(({ kind }) => kind === 'decided').map(({ body }) => body as Extract<Act, { kind: 'decided' }>);
  return bodies.findLast((body) => body.verdict === 'approve' && body.data?.placement)?.data?.placement ?? {};
}

/** The day on which the placement was given that the change goes by, or else that of the filing. */
function namedOn({ request, acts }: LoadedCase): string {
  const placed = acts
    .filter(({ kind }) => kind === 'decided')
    .map(({ body }) => body as Extract<Act, { kind: 'decided' }>)
    .findLast(({ verdict, data }) => verdict === 'approve' && data?.placement);
  return placed?.decidedOn ?? dateOf(request.filedAt.getTime());
}

/**
 * The class that filing or placement named, as it is on the day of effect. Null where none was named, or where it is gone meanwhile. The
 * student is unplaced 未编班 then until the school places them, and the case goes on.
 */
export async function classNamed(
  { tx, loaded, enrolment }: Subject,
  className: string | undefined,
  study: Pick<Study, 'grade' | 'majorCode'>,
  schoolId = enrolment.schoolId,
): Promise<string | null> {
  if (className === undefined) return null;
  const { destinationSchool, sourceSchool, school = sourceSchool } = loaded.state.route.parties;
  const namedAt = destinationSchool ?? school ?? schoolId;
  return (await classNow(tx, { className, namedOn: namedOn(loaded), namedAt, schoolId, study })) ?? null;
}

/**
 * The class after a placement: the one that is named. Otherwise a change of grade or major leaves none, because a class is of one grade
 * and major.
 */
export async function classAfter(subject: Subject, { className, grade, majorCode }: Placement): Promise<string | null | undefined> {
  const [now] = await subject.tx.query<{ grade: string; majorCode: string | null }[]>(
    'select grade, major_code as "majorCode" from enrolment where id = $1',
    [subject.enrolment.id],
  );
  if (!now) throw new Error('no such enrolment');
  const study = { grade: grade ?? now.grade, majorCode: majorCode ?? now.majorCode };
  if (className !== undefined) return classNamed(subject, className, study);
  return study.grade === now.grade && study.majorCode === now.majorCode ? undefined : null;
}

/** What of an enrolment changes; what is left out stays. */
export interface Change extends Partial<Readonly<Record<StudyFact, string | null>>> {
  readonly since: string;
  readonly state?: EnrolmentState;
  readonly majorCode?: string | null;
  readonly grade?: string;
  readonly className?: string | null;
  readonly studyMode?: string;
  readonly lengthYears?: number;
  readonly enrolledOn?: string;
  readonly majorDirection?: string | null;
  readonly expectedLeavingOn?: string;
  readonly suspendedUntil?: string | null;
  /** Last day, when the enrolment ends; null reopens it. */
  readonly validTo?: string | null;
}

const COLUMNS = {
  since: 'since',
  state: 'state',
  majorCode: 'major_code',
  grade: 'grade',
  className: 'class_name',
  studyMode: 'study_mode',
  lengthYears: 'length_years',
  enrolledOn: 'enrolled_on',
  majorDirection: 'major_direction',
  admissionKind: 'admission_kind',
  origin: 'origin',
  crossStage: 'cross_stage',
  teachingSite: 'teaching_site',
  numberAtSchool: 'number_at_school',
  expectedLeavingOn: 'expected_leaving_on',
  suspendedUntil: 'suspended_until',
  validTo: 'valid_to',
} as const satisfies Record<keyof Change, string>;

/** Brings an enrolment to its next version; the former one stays on record (the table's trigger). */
export async function changeEnrolment({ tx, deps, loaded, enrolment }: Subject, change: Change): Promise<void> {
  const given = (Object.keys(COLUMNS) as (keyof Change)[]).filter((key) => change[key] !== undefined);
  const sets = given.map((key, i) => `${COLUMNS[key]} = $${i + 4}`);
  // A class that was placed apart began no later than a change that names another, and no class before it was opened.
  const since = `$${given.indexOf('since') + 4}::date`;
  const opened = CLASS_SINCE('enrolment.school_id', `$${given.indexOf('className') + 4}`, since);
  const classed = change.className === undefined ? '' : `, class_since = greatest(class_since, ${since}, ${opened})`;
  // A direction is one of a major: whoever takes up another has none yet.
  const directed =
    change.majorCode === undefined || change.majorDirection !== undefined
      ? ''
      : `, major_direction = case when major_code = $${given.indexOf('majorCode') + 4} then major_direction end`;
  const ends = change.validTo === undefined ? '' : change.validTo === null ? ', closed_by = null' : ', closed_by = $2';
  await tx.query(`update enrolment set changed_by = $2, changed_at = $3, ${sets.join(', ')}${ends}${classed}${directed} where id = $1`, [
    enrolment.id,
    loaded.request.id,
    new Date(deps.clock.now()),
    ...given.map((key) => change[key]),
  ]);
}
