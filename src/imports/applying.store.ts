import { pastVersionsOf, type ImportedEnrolment, type PastChange } from '../domain/dossier/imported.js';
import type { Transaction } from '../platform/database/in-scope.js';
import type { Signature } from '../platform/ledger/acted-by.js';
import type { LedgerDeps } from '../platform/ledger/streams.js';

/** In whose name rows are applied, and when. */
export interface Applying {
  readonly tx: Transaction;
  readonly deps: LedgerDeps;
  readonly importId: string;
  readonly now: Date;
  /** The person who signed the list off. */
  readonly by: Signature;
}

export interface ToKeep {
  readonly enrolmentId: string;
  readonly present: ImportedEnrolment;
  readonly changes: readonly PastChange[];
}

/**
 * Writes how enrolments stood before. Of the versions of a day the last recorded one counts. So the whole history is written behind what
 * was known, the present last.
 */
const KEEP = `
  insert into enrolment_version (enrolment_id, seq, school_id, state, major_code, grade, class_name, study_mode, length_years,
    expected_leaving_on, suspended_until, since, recorded_at, valid_to, class_since, enrolled_on, major_direction, admission_kind, origin,
    cross_stage, teaching_site, number_at_school)
  select e.id, (select max(v.seq) from enrolment_version v where v.enrolment_id = e.id) + h.nth, e.school_id, h.state, h.major_code,
    h.grade, h.class_name, h.study_mode, e.length_years, e.expected_leaving_on, h.suspended_until, h.since, e.changed_at, h.valid_to,
    case when h.valid_to is null and h.class_name is not null then e.class_since end, e.enrolled_on, e.major_direction, e.admission_kind,
    e.origin, e.cross_stage, e.teaching_site, e.number_at_school
  from jsonb_to_recordset($1::jsonb) as h ("enrolmentId" uuid, nth int, state text, major_code text, grade text, class_name text,
    study_mode text, suspended_until date, since date, valid_to date) join enrolment e on e.id = h."enrolmentId"`;

export async function keepHistories(tx: Transaction, all: readonly ToKeep[]): Promise<void> {
  const rows = all.flatMap(({ enrolmentId, present, changes }) => {
    const history = pastVersionsOf(present, changes);
    if ('faults' in history) throw new Error(`the history of enrolment ${enrolmentId} was judged`);
    // Where nothing came before the present, the row itself has made its version.
    if (history.versions.length < 2) return [];
    return history.versions.map((one, i) => ({
      enrolmentId,
      nth: i + 1,
      state: one.state,
      major_code: one.majorCode,
      grade: one.grade,
      class_name: one.className,
      study_mode: one.studyMode,
      suspended_until: one.suspendedUntil,
      since: one.since,
      valid_to: one.validTo,
    }));
  });
  if (rows.length > 0) await tx.query(KEEP, [JSON.stringify(rows)]);
}
