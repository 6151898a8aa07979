import type { Transaction } from '../database/in-scope.js';
import type { CohortTransfer } from './bulk-filing.dto.js';
import type { FileRequest } from './requests.dto.js';

/** The filings of a cohort of one school: the named students, else all its active ones of the grade and major, by their number of enrolment. */
export async function cohortOf(
  tx: Transaction,
  schoolId: string,
  { studentIds, grade, majorCode, destinationSchoolId, effectiveOn, skipRefused: _, ...each }: CohortTransfer,
  jointProgrammeId?: string,
): Promise<FileRequest[]> {
  const ids = studentIds ?? (await activeAt(tx, schoolId, grade, majorCode));
  const details = {
    destinationSchoolId,
    ...(jointProgrammeId ? { jointProgrammeId } : {}),
    ...(effectiveOn ? { effectiveOn } : {}),
  };
  return ids.map((studentId) => ({ ...each, kind: 'transfer', studentId, details }));
}

/** One more than a cohort may have, so that a larger one is noticed. */
async function activeAt(tx: Transaction, schoolId: string, grade?: string, majorCode?: string): Promise<string[]> {
  const rows = await tx.query<{ id: string }[]>(
    `select student_id as id from enrolment where school_id = $1 and state = 'active' and ($2::text is null or grade = $2)
       and ($3::text is null or major_code = $3) order by student_id limit 501`,
    [schoolId, grade ?? null, majorCode ?? null],
  );
  return rows.map(({ id }) => id);
}
