import type { Transaction } from '../../platform/database/in-scope.js';
import type { EnrolmentState } from '../../domain/dossier/dossier.js';
import { isLive, type AssertionState, type DuplicateType } from '../../domain/dossier/duplicates.js';
import { fullyApproved } from '../../domain/case/case.js';
import { readCase } from '../../cases/cases.store.js';

/** A registration held against another record: A is the record found, B the registration held. */
export interface Duplicate {
  readonly id: string;
  readonly registrationId: string;
  readonly heldStudentId: string;
  readonly otherStudentId: string;
  readonly types: readonly DuplicateType[];
  readonly rulingRequestId: string | null;
}

/** One open duplicate as one of its sides sees the other. */
export interface Opposed extends Duplicate {
  /** The student of the other side. */
  readonly themStudentId: string;
  readonly themSchoolId: string;
  readonly state: EnrolmentState;
  readonly live: boolean;
  readonly onePerson: boolean;
  readonly oneAuthority: boolean;
}

export const DUPLICATE_COLUMNS = `d.id, d.registration_id as "registrationId", d.held_student_id as "heldStudentId",
  d.other_student_id as "otherStudentId", d.types, d.ruling_request_id as "rulingRequestId"`;

/** Settles the duplicates of a pending registration that ended for another reason, except those under a ruling. */
export async function settleMoot(
  tx: Transaction,
  heldStudentId: string,
  { why, requestId, at }: { readonly why: string; readonly requestId: string; readonly at: Date },
): Promise<string[]> {
  const [rows] = await tx.query<[{ id: string }[], number]>(
    `update duplicate set state = 'settled', outcome = $2, settled_by = $3, settled_at = $4 where held_student_id = $1 and state = 'open'
      and ruling_request_id is null
     returning registration_id as id`,
    [heldStudentId, `moot:${why}`, requestId, at],
  );
  return rows.map(({ id }) => id);
}

/** The latest enrolment of a student, one on roll first. */
export const LATEST_ENROLMENT = (student: string): string =>
  `select * from enrolment e where e.student_id = ${student} order by e.state in ('active','suspended') desc, e.valid_from desc,
    e.recorded_at desc limit 1`;

/**
 * The open duplicates of a registration that concern a student, from that student's side. `document` is the blind index of the document
 * that the assertion amends to, if it does.
 */
export async function opposedTo(tx: Transaction, studentId: string, registrationId: unknown, document?: Buffer): Promise<Opposed[]> {
  const rows = await tx.query<(Omit<Opposed, 'live'> & { state: EnrolmentState })[]>(
    `select ${DUPLICATE_COLUMNS}, them.id as "themStudentId", e.school_id as "themSchoolId", e.state,
       coalesce($3::bytea, us.document_index) = them.document_index or 'documentChanged' = any(d.types) as "onePerson",
         theirs.parent_id = ours.parent_id as "oneAuthority"
     from duplicate d join student us on us.id = $2 join student them on them.id = case when d.held_student_id = $2 then d.other_student_id
       else d.held_student_id end
       cross join lateral (${LATEST_ENROLMENT('them.id')}) e join organisation theirs on theirs.id = e.school_id
       cross join lateral (${LATEST_ENROLMENT('us.id')}) m join organisation ours on ours.id = m.school_id
     where d.registration_id = $1 and d.state = 'open' and $2 in (d.held_student_id, d.other_student_id) order by d.id`,
    [registrationId, studentId, document ?? null],
  );
  return rows.map((row) => ({ ...row, live: isLive(row.state) }));
}

/** One authority has both sides: it decides once, by ruling, and on no assertion before (A5). */
export const oneAuthorityRules = (opposed: readonly Opposed[]): boolean =>
  opposed.length > 0 && opposed.every(({ oneAuthority }) => oneAuthority) && opposed.some(({ live, onePerson }) => live && onePerson);

/** The state of a student's latest assertion about a registration. */
export async function assertionOf(
  tx: Transaction,
  studentId: string,
  registrationId: string,
): Promise<{ state: AssertionState; id?: string }> {
  const [row] = await tx.query<{ id: string; state: string }[]>(
    `select id, state from change_request where student_id = $1 and kind = 'registrationException' and details ->> 'registrationId' = $2
     order by filed_at desc, id desc limit 1`,
    [studentId, registrationId],
  );
  if (!row || row.state === 'recalled' || row.state === 'cancelled' || row.state === 'superseded') return { state: 'none' };
  if (row.state !== 'open') return { id: row.id, state: row.state === 'approved' ? 'approved' : 'rejected' };
  const loaded = await readCase(tx, row.id);
  if (loaded?.state.ending === 'rejected') return { id: row.id, state: 'rejected' };
  return { id: row.id, state: loaded && !loaded.state.ending && fullyApproved(loaded.state) ? 'approved' : 'open' };
}
