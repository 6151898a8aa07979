import type { FoundDoubt } from './data-checks.dto.js';
import { DOUBT_RULE_CODES, DOUBT_RULES } from './doubt-rules.js';

/** What rules ask of a school's students besides the rows themselves; the columns of `p`. */
export interface AskedOfSchool {
  readonly today: string;
  readonly for_adults: boolean;
  /** Fields of a record that its province requires. */
  readonly required: readonly string[];
  /** The last three terms whose last day to register has passed, the latest first. */
  readonly years: readonly number[];
  readonly nths: readonly number[];
  /** First day of the latest of them, and from when on its intake came. */
  readonly term_from: string;
  readonly intake_from: string;
  /** The same of the earliest. */
  readonly three_from: string;
  readonly three_intake_from: string;
}

const ASKED = (p: string): string => `jsonb_to_record(${p}::jsonb) as p (today date, for_adults boolean, required text[], years int[],
  nths int[], term_from date, intake_from date, three_from date, three_intake_from date)`;

/** Each rule once for each student: what it saw, or null. Of rules that are not asked for nothing is looked up. */
const FOUND = (asked: string): string =>
  `(values ${DOUBT_RULE_CODES.map(
    (code) => `('${code}', case when '${code}' = any(${asked}::text[]) and ${DOUBT_RULES[code].when} then ${DOUBT_RULES[code].seen} end)`,
  ).join(',\n  ')}) d (rule, seen)`;

const STUDENTS = `enrolment e join student s on s.id = e.student_id`;
const AT_SCHOOL = `e.school_id = $1::uuid and e.state in ('active', 'suspended')`;
/** An answer stands while the rule sees the same. */
const ANSWER = `left join doubt_answer a on a.school_id = e.school_id and a.student_id = e.student_id and a.rule = d.rule
    and a.seen = d.seen`;

/** `overdue`: the day by which it was to be corrected has passed. */
export const PROGRESS = ['open', 'answered', 'overdue'] as const;
export type Progress = (typeof PROGRESS)[number];

export type DoubtRow = Omit<FoundDoubt, 'text' | 'answeredAt'> & { readonly text: Buffer | null; readonly answeredAt: Date | null };

const OF_ANSWER = `case when a.rule is null then 'open' when a.correct_by < p.today then 'overdue' else 'answered' end`;

/** Doubts at a school ($1), asked so ($2), by rules ($3), of a progress ($6) if given. After a student ($4) and rule ($5), at most $7. */
export const DOUBT_PAGE = `
  select e.student_id as "studentId", s.masked_name as "maskedName", e.grade, e.class_name as "className", e.state, d.rule, d.seen,
    ${OF_ANSWER} as progress, a.answer, to_char(a.correct_by, 'YYYY-MM-DD') as "correctBy", a.text_cipher as text,
    a.answered_at as "answeredAt"
  from ${STUDENTS} cross join ${ASKED('$2')} cross join lateral ${FOUND('$3')} ${ANSWER}
  where ${AT_SCHOOL} and e.student_id >= $4::uuid and d.seen is not null and (e.student_id, d.rule) > ($4::uuid, $5::text)
    and coalesce($6 = ${OF_ANSWER}, true)
  order by e.student_id, d.rule limit $7::int`;

/** What rules ($3) see of some students ($4) of a school ($1), asked so ($2). */
export const DOUBTS_AMONG = `
  select e.student_id as "studentId", d.rule, d.seen
  from ${STUDENTS} cross join ${ASKED('$2')} cross join lateral ${FOUND('$3')}
  where ${AT_SCHOOL} and e.student_id = any($4::uuid[]) and d.seen is not null`;

/** How many students of a school ($1) are on roll, and how many doubts there are by rule ($3) and progress, asked so ($2). */
export const DOUBT_COUNTS = `
  select d.rule, count(*)::int as found, count(*) filter (where ${OF_ANSWER} = 'answered')::int as answered,
    count(*) filter (where ${OF_ANSWER} = 'overdue')::int as overdue
  from ${STUDENTS} cross join ${ASKED('$2')} cross join lateral ${FOUND('$3')} ${ANSWER}
  where ${AT_SCHOOL} and d.seen is not null group by d.rule order by d.rule`;

export const ON_ROLL_AT = `select count(*)::int as students from enrolment e where ${AT_SCHOOL}`;

export const KEEP_ANSWERS = `
  insert into doubt_answer (school_id, student_id, rule, seen, answer, correct_by, text_cipher, answered_by, answered_at)
  select school_id, student_id, rule, seen, answer, correct_by, text_cipher, answered_by, answered_at
  from jsonb_populate_recordset(null::doubt_answer, $1::jsonb)
  on conflict (school_id, student_id, rule) do update set seen = excluded.seen, answer = excluded.answer, correct_by = excluded.correct_by,
    text_cipher = excluded.text_cipher, answered_by = excluded.answered_by, answered_at = excluded.answered_at`;
