import { Distinct } from '../../platform/http/lists.js';
import { OmitType } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayMinSize, IsIn, IsOptional, Matches } from 'class-validator';
import { IsMajorCode } from '../../code-sets/is-major-code.js';
import { IsId } from '../../platform/http/id.js';
import { IsPlainDate } from '../../platform/http/plain-date.js';
import { Problem } from '../../platform/http/problem.js';
import type { Transaction } from '../../platform/database/in-scope.js';
import type { BatchFilingInput } from './batch-filing.dto.js';
import { FileRequest } from '../requests.dto.js';

/** A cohort that transfers together: named students, or all of a grade or major. Each has the same evidence and reason. */
export class CohortTransfer extends OmitType(FileRequest, ['kind', 'studentId', 'details', 'externalId'] as const) {
  /** @example 5cca9656-2893-595d-8a3f-f900c52b0f24 */
  @IsId()
  destinationSchoolId: string;

  /** The students, by default all active students of the grade and major. @example ["9e3b8136-9634-504a-984e-f340fb23cf18"] */
  @IsOptional()
  @IsId(true)
  @Distinct()
  @ArrayMinSize(1)
  @ArrayMaxSize(500)
  studentIds?: string[];

  /** Year of intake. @example "2026" */
  @IsOptional()
  @Matches(/^20\d\d$/)
  grade?: string;

  /** Of the code set `majors`. @example "710201" */
  @IsOptional()
  @IsMajorCode()
  majorCode?: string;

  /** @example 2026-12-01 */
  @IsOptional()
  @IsPlainDate()
  effectiveOn?: string;

  /**
   * 1. `all`: nothing is filed unless every student can transfer.
   * 2. `valid`: every student who can transfer is filed.
   * @example all
   */
  @IsOptional()
  @IsIn(['all', 'valid'])
  mode: 'all' | 'valid' = 'all';
}

/**
 * The filings of a cohort of one school, as one batch. Without named students the cohort is all active students of the grade and major.
 * Without a major it is the majors of the joint programme.
 * @throws Problem nobody-in-cohort, cohort-too-large
 */
export async function cohortOf(
  tx: Transaction,
  schoolId: string,
  { studentIds, grade, majorCode, destinationSchoolId, effectiveOn, mode, evidenceIds, reason, application }: CohortTransfer,
  programme?: { readonly id: string; readonly majorCodes: readonly string[] },
): Promise<BatchFilingInput> {
  const majors = majorCode === undefined ? programme?.majorCodes : [majorCode];
  const ids = studentIds ?? (await activeAt(tx, schoolId, grade, majors));
  if (ids.length === 0) throw new Problem('nobody-in-cohort');
  if (ids.length > MOST) throw new Problem('cohort-too-large');
  const details = {
    destinationSchoolId,
    ...(programme ? { jointProgrammeId: programme.id } : {}),
    ...(effectiveOn ? { effectiveOn } : {}),
  };
  const common = { evidenceIds, reason, details, ...(application ? { application } : {}) };
  return { kind: 'transfer', mode, dryRun: false, common, items: ids.map((studentId) => ({ studentId })) };
}

const MOST = 500;

/** One more than a cohort may have, so that a larger one is noticed. */
async function activeAt(tx: Transaction, schoolId: string, grade?: string, majors?: readonly string[]): Promise<string[]> {
  const rows = await tx.query<{ id: string }[]>(
    `select student_id as id from enrolment where school_id = $1 and state = 'active' and ($2::text is null or grade = $2)
       and ($3::text[] is null or major_code = any($3)) order by student_id limit ${MOST + 1}`,
    [schoolId, grade ?? null, majors ?? null],
  );
  return rows.map(({ id }) => id);
}
