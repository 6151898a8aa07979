import { recordGraduationAct } from '../dossier/graduation-acts.js';
import type { LedgerDeps, NewAct } from '../platform/ledger/streams.js';
import { insertRows } from '../platform/database/insert-rows.js';
import type { Transaction } from '../platform/database/in-scope.js';
import { newId } from '../platform/ledger/new-id.js';
import type { EarlyGround, LeavingOutcome } from '../domain/graduation/outcomes.js';
import type { PlainDate } from '../domain/working-days.js';
import type { GraduationPurpose } from './graduation.entity.js';
import type { MemberState } from './graduation-member.entity.js';

/** A graduation whose row is locked. */
export interface LockedGraduation {
  readonly id: string;
  readonly schoolId: string;
  readonly code: string;
  readonly purpose: GraduationPurpose;
  readonly leavingOn: PlainDate;
  readonly requestId: string | null;
  readonly completedOn: PlainDate | null;
}

/** Locks a graduation. Whoever may not see it finds none. */
export async function lockGraduation(tx: Transaction, id: string): Promise<LockedGraduation | undefined> {
  const [row] = await tx.query<LockedGraduation[]>(
    `select id, school_id as "schoolId", code, purpose, to_char(leaving_on, 'YYYY-MM-DD') as "leavingOn", request_id as "requestId",
       to_char(completed_on, 'YYYY-MM-DD') as "completedOn" from graduation where id = $1 for update`,
    [id],
  );
  return row;
}

/** A student as entered in a graduation. */
export interface EnteredMember {
  readonly id: string;
  readonly studentId: string;
  readonly enrolmentId: string;
  readonly outcome: LeavingOutcome;
  readonly leavingOn: PlainDate;
  readonly early: EarlyGround | null;
  readonly assessmentPassedOn: PlainDate | null;
}

interface DrawnUp {
  readonly schoolId: string;
  readonly year: string;
  readonly purpose: GraduationPurpose;
  readonly classId: string | null;
  readonly leavingOn: PlainDate;
  readonly at: Date;
  readonly members: readonly Omit<EnteredMember, 'id'>[];
}

/** Enters a graduation with its students. The caller has locked the school, because codes count within it. */
export async function enterGraduation(
  tx: Transaction,
  { schoolId, year, purpose, classId, leavingOn, at, members }: DrawnUp,
): Promise<{ id: string; code: string }> {
  const id = newId();
  const [{ code }] = await tx.query<[{ code: string }]>(
    `insert into graduation (id, school_id, code, purpose, class_id, leaving_on, drawn_up_at)
     select $1, $2, $3 || '-' || 1 + (select count(*) from graduation g where g.school_id = $2 and g.code like $3 || '-%'), $4, $5, $6, $7
     returning code`,
    [id, schoolId, year, purpose, classId, leavingOn, at],
  );
  await insertRows(
    tx,
    'graduation_member',
    members.map((one) => ({ id: newId(), graduationId: id, ...one, state: 'listed', late: false })),
  );
  return { id, code };
}

/** Enters a graduation of a class or list, and puts on record who drew it up. */
export async function drawUp(
  tx: Transaction,
  deps: LedgerDeps,
  drawnUp: Omit<DrawnUp, 'year' | 'purpose'>,
  by: NewAct['by'],
): Promise<{ id: string; code: string }> {
  const { schoolId, classId, leavingOn, members } = drawnUp;
  const entered = await enterGraduation(tx, { ...drawnUp, year: leavingOn.slice(0, 4), purpose: 'class' });
  const body = { schoolId, code: entered.code, classId, leavingOn, members };
  await recordGraduationAct(tx, deps, entered.id, { kind: 'drawnUp', by, body });
  return entered;
}

/** The students of a graduation in a state, by leaving day. `until` is the last leaving day that counts, and `most` how many. */
export const membersOf = (
  tx: Transaction,
  graduationId: string,
  state: MemberState,
  { until = null, most = null }: { readonly until?: PlainDate | null; readonly most?: number | null } = {},
): Promise<EnteredMember[]> =>
  tx.query(
    `select id, student_id as "studentId", enrolment_id as "enrolmentId", outcome, to_char(leaving_on, 'YYYY-MM-DD') as "leavingOn", early,
       to_char(assessment_passed_on, 'YYYY-MM-DD') as "assessmentPassedOn"
     from graduation_member where graduation_id = $1 and state = $2 and ($3::date is null or leaving_on <= $3) order by leaving_on, id
     limit $4`,
    [graduationId, state, until, most],
  );

/** Where a student's part in a graduation ends, or waits. */
export interface MovedMember {
  readonly id: string;
  readonly state: MemberState;
  readonly cause: string | null;
  readonly late: boolean;
  readonly effectedAt: Date | null;
}

export const moveMembers = (tx: Transaction, moved: readonly MovedMember[]): Promise<unknown> =>
  tx.query(
    `update graduation_member m set state = w.state, cause = w.cause, late = w.late, effected_at = w.effected_at
     from unnest($1::uuid[], $2::text[], $3::text[], $4::boolean[], $5::timestamptz[]) as w (id, state, cause, late, effected_at)
     where m.id = w.id`,
    [
      moved.map(({ id }) => id),
      moved.map(({ state }) => state),
      moved.map(({ cause }) => cause),
      moved.map(({ late }) => late),
      moved.map(({ effectedAt }) => effectedAt),
    ],
  );
