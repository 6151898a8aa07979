import type { Caller } from '../platform/access/caller.js';
import type { Transaction } from '../platform/database/in-scope.js';

/** What a person read of a student: a look-up, the present record, the dossier as of a day, or a file of evidence. */
export const ACCESSES = ['lookup', 'student', 'dossier', 'evidence'] as const;
export type Access = (typeof ACCESSES)[number];

const BY = (caller: Caller, now: number): unknown[] => [caller.personId, JSON.stringify(caller.offices.map(shown)), new Date(now)];
const shown = ({ office, organisationId }: Caller['offices'][number]) => ({ office, organisationId });

/** Puts on record that the caller reads of a student 查阅, in the transaction that reads: what is not answered is not recorded. */
export const recordAccess = (
  tx: Transaction,
  caller: Caller,
  what: Exclude<Access, 'evidence'>,
  studentId: string,
  now: number,
): Promise<unknown> =>
  tx.query('insert into dossier_access (what, student_id, person_id, offices, at) values ($1,$2,$3,$4,$5)', [
    what,
    studentId,
    ...BY(caller, now),
  ]);

/** The same of a file: for each student whose request or dossier holds it, or for the file alone while none does. */
export const recordEvidenceAccess = (tx: Transaction, caller: Caller, evidenceId: string, now: number): Promise<unknown> =>
  tx.query(
    `insert into dossier_access (what, evidence_id, student_id, person_id, offices, at)
     select 'evidence', $1::uuid, s.id, $2, $3, $4 from (select 1) one left join students_of_evidence($1) s (id) on true`,
    [evidenceId, ...BY(caller, now)],
  );
