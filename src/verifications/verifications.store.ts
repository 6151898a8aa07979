import type { Transaction } from '../platform/database/in-scope.js';

export interface FoundCode {
  readonly id: string;
  readonly studentId: string;
  readonly purpose: 'enrolment' | 'graduation';
}

/** One statement, whatever is wrong: an unknown, expired or revoked code and another name alike leave no row. */
const CODE = `
  select c.id, c.student_id as "studentId", c.purpose from verification_code c join student s on s.id = c.student_id
  where c.code_hash = $1 and s.name_index = $2 and c.revoked_at is null and c.expires_at > $3`;

export const matchingCode = async (tx: Transaction, hash: Buffer, nameIndex: Buffer, now: Date): Promise<FoundCode | undefined> =>
  (await tx.query<FoundCode[]>(CODE, [hash, nameIndex, now]))[0];

export interface EnrolmentFound {
  readonly school: string;
  readonly majorCode: string | null;
  readonly studyMode: string;
  readonly lengthYears: number;
  readonly enrolledOn: string;
  readonly state: string;
  readonly leavingOn: string;
}

/** The enrolment that stands in one of the states ($2), the latest first. */
const ENROLMENT = `
  select o.name as school, e.major_code as "majorCode", e.study_mode as "studyMode",
    e.length_years::float as "lengthYears", to_char(e.enrolled_on, 'YYYY-MM-DD') as "enrolledOn", e.state,
    to_char(coalesce(e.valid_to, e.expected_leaving_on), 'YYYY-MM-DD') as "leavingOn"
  from enrolment e join organisation o on o.id = e.school_id
  where e.student_id = $1 and e.state = any($2) order by e.valid_from desc, e.recorded_at desc limit 1`;

/** What each purpose is about. */
const STATES = { enrolment: ['active', 'suspended'], graduation: ['graduated', 'completed', 'advanced'] } as const;

export const enrolmentFor = async (tx: Transaction, studentId: string, purpose: keyof typeof STATES): Promise<EnrolmentFound | undefined> =>
  (await tx.query<EnrolmentFound[]>(ENROLMENT, [studentId, STATES[purpose]]))[0];

export const recordUse = (
  tx: Transaction,
  { studentId, codeId, purpose, at }: { studentId: string; codeId: string | null; purpose: string; at: Date },
): Promise<unknown> =>
  tx.query('insert into verification_use (at, student_id, code_id, purpose) values ($1,$2,$3,$4)', [at, studentId, codeId, purpose]);
