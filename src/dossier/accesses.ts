import type { Caller } from '../platform/access/caller.js';
import type { Quotas } from '../platform/access/quotas.js';
import { SPEND, type Spent } from '../platform/access/spend.js';
import type { Transaction } from '../platform/database/in-scope.js';

/**
 * How a person read of a student. `student` is the present record, `dossier` that of a day, `subject` what stands beside a task. With a
 * `signInCode` that the person handed out, the student reads the own dossier.
 */
export const ACCESSES = [
  'lookup',
  'student',
  'dossier',
  'evidence',
  'unmasking',
  'subject',
  'export',
  'certificate',
  'signInCode',
] as const;
export type Access = (typeof ACCESSES)[number];

/** Who reads, when, and what that costs of the day. */
export interface AccessBy {
  readonly caller: Caller;
  readonly now: number;
  readonly quotas: Quotas;
}

const BY = ({ caller, now, quotas }: AccessBy): unknown[] => [
  caller.personId,
  JSON.stringify(caller.offices.map(shown)),
  new Date(now),
  quotas.holdersOf(caller),
  quotas.today(),
];
const shown = ({ office, organisationId }: Caller['offices'][number]) => ({ office, organisationId });

/** A student whom the person has read of today already costs nothing more. One statement, so that a read pays no further round trip. */
const RECORD = (students: string): string => `
  with fresh as (select exists (select 1 from (${students}) s (id) where s.id is not null and not exists (select 1 from dossier_access a
      where a.student_id = s.id and a.person_id = $3 and a.at >= $7)) as one),
  recorded as (insert into dossier_access (what, student_id, evidence_id, person_id, offices, at)
    select $1, s.id, $2, $3, $4::jsonb, $5 from (select 1) one left join (${students}) s (id) on true)
  ${SPEND('$6', `'dossiers'`, '$7', '1', '(select one from fresh)')}`;

const OF_STUDENT = RECORD('select $8::uuid');
const OF_STUDENTS = RECORD('select unnest($8::uuid[])');
const OF_EVIDENCE = RECORD('select students_of_evidence($2::uuid)');

/**
 * Puts on record that the caller reads of a student 查阅, in the transaction that reads: what is not answered is not recorded.
 * @throws DailyLimitReached
 */
export async function recordAccess(
  tx: Transaction,
  what: Exclude<Access, 'evidence' | 'export'>,
  studentId: string,
  reading: AccessBy,
): Promise<void> {
  const spent = await tx.query<Spent[]>(OF_STUDENT, [what, null, ...BY(reading), studentId]);
  reading.quotas.judge(reading.caller, 'dossiers', spent);
}

/** The same of a list that leaves the system: for each student in it. Together they cost one of the day. */
export async function recordExport(tx: Transaction, studentIds: readonly string[], reading: AccessBy): Promise<void> {
  const spent = await tx.query<Spent[]>(OF_STUDENTS, ['export', null, ...BY(reading), studentIds]);
  reading.quotas.judge(reading.caller, 'dossiers', spent);
}

/** The same of a file: for each student whose request or dossier holds it, or for the file alone while none does. */
export async function recordEvidenceAccess(tx: Transaction, evidenceId: string, reading: AccessBy): Promise<void> {
  const spent = await tx.query<Spent[]>(OF_EVIDENCE, ['evidence', evidenceId, ...BY(reading)]);
  reading.quotas.judge(reading.caller, 'dossiers', spent);
}
