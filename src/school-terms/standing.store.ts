import { dayAsked, intakeOf, type TermRules } from '../domain/terms/school-term.js';
import type { PlainDate } from '../domain/working-days.js';

/** The question about a school's students in a term, as the statements below take it. */
export interface Asked {
  readonly school_id: string;
  readonly year: number;
  readonly nth: number;
  readonly day: PlainDate;
  readonly over: boolean;
  readonly intake_from: PlainDate;
  readonly intake_through: PlainDate;
}

export function askedOf(schoolId: string, rules: TermRules, today: PlainDate): Asked {
  const { from, through } = intakeOf(rules.term);
  const over = today >= rules.nextFirstDay;
  return { school_id: schoolId, ...rules.term, day: dayAsked(rules, today), over, intake_from: from, intake_through: through };
}

const COLUMNS = 'school_id uuid, year int, nth int, day date, over boolean, intake_from date, intake_through date';

/** One term of one school ($1 to $7, in this order). The school is a constant, so that a page is a range of the index. */
const ONE = `(select ${COLUMNS.split(', ')
  .map((column, i) => `$${i + 1}::${column.split(' ')[1]} as ${column.split(' ')[0]}`)
  .join(', ')}) a`;
export const valuesOf = ({ school_id, year, nth, day, over, intake_from, intake_through }: Asked): unknown[] => [
  school_id,
  year,
  nth,
  day,
  over,
  intake_from,
  intake_through,
];

/** How an enrolment (alias `e`) stood on a day: by its versions, the latest that was recorded. */
const STATE_ON = (e: string, day: string): string =>
  `(select v.state from enrolment_version v where v.enrolment_id = ${e}.id and v.since <= ${day} order by v.since desc, v.seq desc
    limit 1)`;

/**
 * Everybody who studies at the school, or is to, with the standing in the term (as `standingIn` in the domain) and the registration. The
 * `limit` makes PostgreSQL look the registration up by student. Without statistics, as at the beginning of a term, it would join all of
 * them with each.
 */
const STANDINGS = (asked: string): string => `
  select e.id as enrolment_id, e.student_id, e.grade, e.class_name, e.major_code, r.late is not null as registered, coalesce(r.late,
    false) as late,
    case when e.enrolled_on > a.intake_through or e.valid_from > a.day then 'none'
      when s.state in ('pending','heldDuplicate') then 'pending'
      when s.state = 'suspended' then 'suspended' when s.state is distinct from 'active' then 'none'
      when e.enrolled_on >= a.intake_from then 'byEntry' else 'toRegister' end as standing
  from ${asked} join enrolment e on e.school_id = a.school_id and e.state in ('active','suspended','pending','heldDuplicate')
    cross join lateral (select case when a.over then ${STATE_ON('e', 'a.day')} else e.state end as state) s
    left join lateral (select r.late from term_registration r where r.student_id = e.student_id and r.year = a.year and r.nth = a.nth
      and r.retracted_at is null
      limit 1) r on true`;

/** Whether somebody of `x` was to be registered when the deadline passed: who came later is not the school's delay. */
export const OWED = (x: string, due: string): string =>
  `coalesce((select v.state = 'active' from enrolment_version v where v.enrolment_id = ${x}.enrolment_id and v.since <= ${due}
    order by v.since desc, v.seq desc limit 1), false)`;

const TALLY = `
  count(*) filter (where standing in ('toRegister','byEntry'))::int as "toRegister", count(*) filter (where standing = 'byEntry')::int as
    "byEntry",
  count(*) filter (where standing = 'byEntry' or standing = 'toRegister' and registered)::int as registered,
  count(*) filter (where standing = 'toRegister' and registered and late)::int as late,
  count(*) filter (where standing = 'suspended')::int as suspended, count(*) filter (where standing = 'pending')::int as pending`;

export interface Tally {
  readonly toRegister: number;
  readonly byEntry: number;
  readonly registered: number;
  readonly late: number;
  readonly suspended: number;
  readonly pending: number;
}

/** The counts of one school's term. */
export const COUNT_ONE = `select ${TALLY} from (${STANDINGS(ONE)}) x`;

/** Counts terms of schools ($1, a list of \`Asked\`) anew at an instant ($2). */
export const COUNT_MANY = `
  insert into term_count (school_id, year, nth, to_register, registered, late, suspended, pending, counted_at)
  select q.school_id, q.year, q.nth, t."toRegister", t.registered, t.late, t.suspended, t.pending, $2
  from jsonb_to_recordset($1::jsonb) as q (${COLUMNS}) cross join lateral (select ${TALLY} from (${STANDINGS('(select q.*) a')}) x) t
  on conflict (school_id, year, nth) do update set to_register = excluded.to_register, registered = excluded.registered,
    late = excluded.late,
    suspended = excluded.suspended, pending = excluded.pending, counted_at = excluded.counted_at`;

/** How many are not registered, and how many of them were to be by the deadline ($8). */
export const COUNT_UNREGISTERED = `
  select count(*)::int as unregistered, count(*) filter (where ${OWED('x', '$8::date')})::int as owed
  from (${STANDINGS(ONE)}) x where standing = 'toRegister' and not registered`;

/**
 * The students who are not registered, after one student ($9), of a grade ($10) and class ($11) if given, at most $12. They are overdue by
 * the deadline ($8).
 */
export const UNREGISTERED = `
  select x.student_id as "studentId", s.masked_name as "maskedName", x.grade, x.class_name as "className", x.major_code as "majorCode",
    ${OWED('x', '$8::date')} as owed
  from (${STANDINGS(ONE)} where ($9::uuid is null or e.student_id > $9) and ($10::text is null or e.grade = $10) and ($11::text is null
    or e.class_name = $11)) x
    join student s on s.id = x.student_id where x.standing = 'toRegister' and not x.registered order by x.student_id limit $12`;

/** Students of a grade ($8) and class ($9) if given who are not registered yet, or can't be now; at most $10. */
export const LEFT_OF_A_GRADE = `
  select x.student_id as id from (${STANDINGS(ONE)} where e.grade = $8 and ($9::text is null or e.class_name = $9)) x
  where x.standing in ('toRegister','suspended','pending') and not x.registered order by x.student_id limit $10`;

/** How students ($8) stand, each of them in its place; \`owed\` by the deadline ($9). */
export const STANDING_OF = `
  select w.id as "studentId", x.enrolment_id as "enrolmentId", x.standing, coalesce(x.registered, false) as registered, coalesce(x.owed,
    false) as owed
  from unnest($8::uuid[]) with ordinality w (id, place) left join lateral (
    select i.*, ${OWED('i', '$9::date')} as owed from (${STANDINGS(ONE)} where e.student_id = w.id) i order by i.standing = 'none'
      limit 1) x on true
  order by w.place`;
