import { dayAsked, intakeOf, type TermRules } from '../domain/terms/school-term.js';
import type { PlainDate } from '../domain/working-days.js';

/** The question about a school's students in a term, as the statements below take it. */
export interface Asked {
  readonly school_id: string;
  readonly year: number;
  readonly nth: number;
  /** First day of the term, or the day asked where that is earlier. */
  readonly from_day: PlainDate;
  readonly day: PlainDate;
  /** Last day to register. */
  readonly due: PlainDate;
  readonly intake_from: PlainDate;
  readonly intake_through: PlainDate;
}

/** A term of a school as far as the question goes. */
export interface AskedOf {
  readonly school: { readonly id: string };
  readonly rules: TermRules;
  readonly firstDay: PlainDate;
  readonly deadline: { readonly dueDate: PlainDate };
  readonly today: PlainDate;
}

export function askedOf({ school, rules, firstDay, deadline, today }: AskedOf): Asked {
  const { from, through } = intakeOf(rules.term);
  const day = dayAsked(rules, today);
  const days = { from_day: firstDay < day ? firstDay : day, day, due: deadline.dueDate };
  return { school_id: school.id, ...rules.term, ...days, intake_from: from, intake_through: through };
}

const COLUMNS = 'school_id uuid, year int, nth int, from_day date, day date, due date, intake_from date, intake_through date';

/** One term of one school ($1 to $8, in this order). The school is a constant, so that a page is a range of the index. */
const ONE = `(select ${COLUMNS.split(', ')
  .map((column, i) => `$${i + 1}::${column.split(' ')[1]} as ${column.split(' ')[0]}`)
  .join(', ')}) a`;
export const valuesOf = ({ school_id, year, nth, from_day, day, due, intake_from, intake_through }: Asked): unknown[] => [
  school_id,
  year,
  nth,
  from_day,
  day,
  due,
  intake_from,
  intake_through,
];

/** How an enrolment (alias `e`) stood on a day: by its versions, the latest that was recorded. */
const STATE_ON = (e: string, day: string): string =>
  `(select v.state from enrolment_version v where v.enrolment_id = ${e}.id and v.since <= ${day} order by v.seq desc limit 1)`;

/** Whether an enrolment (by its id) was active on any day of a period: as `activeWithin` in the domain. */
const ACTIVE_WITHIN = (id: string, from: string, through: string): string =>
  `exists (select 1 from enrolment_version v where v.enrolment_id = ${id} and v.state = 'active' and v.since <= ${through}
    and not exists (select 1 from enrolment_version w where w.enrolment_id = v.enrolment_id and w.seq > v.seq
      and w.since <= greatest(v.since, ${from})))`;

const STUDIES = `('active','suspended','pending','heldDuplicate')`;

/** The day on which an enrolment came from another register, which answers for the terms that were over then; null where none did. */
const IMPORTED_ON = (e: string): string =>
  `case when ${e}.import_id is not null then (${e}.recorded_at at time zone 'Asia/Shanghai')::date end as imported_on`;

/**
 * Everybody who studies at the school or is to, and whoever left it since the term began, each from an index of their own. Who left and is
 * there again counts once.
 */
const ENROLLED = `(
  select i.id, i.student_id, i.grade, i.class_name, i.major_code, i.enrolled_on, i.valid_from, ${IMPORTED_ON('i')} from enrolment i
    where i.school_id = a.school_id and i.state in ${STUDIES}
  union all
  select g.id, g.student_id, g.grade, g.class_name, g.major_code, g.enrolled_on, g.valid_from, ${IMPORTED_ON('g')} from enrolment g
    where g.school_id = a.school_id and g.state not in ${STUDIES} and g.since > a.from_day
      and not exists (select 1 from enrolment b where b.student_id = g.student_id and b.school_id = g.school_id and b.id <> g.id
        and b.valid_from >= g.valid_from and (b.state in ('active','suspended') or b.state not in ${STUDIES}
          and (b.valid_from, b.id) > (g.valid_from, g.id)))) e`;

/**
 * All of them with the standing in the term (as `standingIn` in the domain) and the registration. The `limit` makes PostgreSQL look the
 * registration up by student. Without statistics, as at the beginning of a term, it would join all of them with each.
 */
const STANDINGS = (asked: string): string => `
  select e.id as enrolment_id, e.student_id, e.grade, e.class_name, e.major_code, r.late is not null as registered,
    coalesce(r.late and r.enrolment_id = e.id, false) as late, a.from_day, a.due,
    case when e.enrolled_on > a.intake_through or e.valid_from > a.day or e.imported_on > a.due then 'none'
      when ${ACTIVE_WITHIN('e.id', 'a.from_day', 'a.day')} then case when e.enrolled_on >= a.intake_from then 'byEntry'
        else 'toRegister' end
      when s.state in ('pending','heldDuplicate') then 'pending' when s.state = 'suspended' then 'suspended' else 'none' end as standing
  from ${asked} cross join lateral ${ENROLLED} cross join lateral (select ${STATE_ON('e', 'a.day')} as state) s
    left join lateral (select r.late, r.enrolment_id from term_registration r where r.student_id = e.student_id and r.year = a.year
      and r.nth = a.nth and r.retracted_at is null
      limit 1) r on true`;

/** Whether somebody of `x` was active on a day until the deadline: who came later is not the school's delay. */
export const OWED = (x: string, from: string, due: string): string => ACTIVE_WITHIN(`${x}.enrolment_id`, from, due);
const OWED_OF = (x: string): string => OWED(x, `${x}.from_day`, `${x}.due`);

const TALLY = `
  count(*) filter (where standing in ('toRegister','byEntry'))::int as "toRegister", count(*) filter (where standing = 'byEntry')::int as
    "byEntry",
  count(*) filter (where standing = 'byEntry' or standing = 'toRegister' and registered)::int as registered,
  count(*) filter (where standing = 'toRegister' and registered and late)::int as late,
  count(*) filter (where standing = 'toRegister' and not registered and ${OWED_OF('x')})::int as owed,
  count(*) filter (where standing = 'suspended')::int as suspended, count(*) filter (where standing = 'pending')::int as pending`;

export interface Tally {
  readonly toRegister: number;
  readonly byEntry: number;
  readonly registered: number;
  readonly late: number;
  /** Not registered, and active on a day until the last day to register. */
  readonly owed: number;
  readonly suspended: number;
  readonly pending: number;
}

/** The counts of one school's term. */
export const COUNT_ONE = `select ${TALLY} from (${STANDINGS(ONE)}) x`;

/** Counts terms of schools ($1, a list of \`Asked\`) anew at an instant ($2). */
export const COUNT_MANY = `
  insert into term_count (school_id, year, nth, to_register, registered, late, owed, due_date, suspended, pending, counted_at)
  select q.school_id, q.year, q.nth, t."toRegister", t.registered, t.late, t.owed, q.due, t.suspended, t.pending, $2
  from jsonb_to_recordset($1::jsonb) as q (${COLUMNS}) cross join lateral (select ${TALLY} from (${STANDINGS('(select q.*) a')}) x) t
  on conflict (school_id, year, nth) do update set to_register = excluded.to_register, registered = excluded.registered,
    late = excluded.late, owed = excluded.owed, due_date = excluded.due_date,
    suspended = excluded.suspended, pending = excluded.pending, counted_at = excluded.counted_at`;

/** How many are not registered, and how many of them were to be by the deadline. */
export const COUNT_UNREGISTERED = `
  select count(*)::int as unregistered, count(*) filter (where ${OWED_OF('x')})::int as owed
  from (${STANDINGS(ONE)}) x where standing = 'toRegister' and not registered`;

/** The students who are not registered, after one student ($9), of a grade ($10) and class ($11) if given, at most $12. */
export const UNREGISTERED = `
  select x.student_id as "studentId", s.masked_name as "maskedName", x.grade, x.class_name as "className", x.major_code as "majorCode",
    ${OWED_OF('x')} as owed
  from (${STANDINGS(ONE)} where ($9::uuid is null or e.student_id > $9) and ($10::text is null or e.grade = $10) and ($11::text is null
    or e.class_name = $11)) x
    join student s on s.id = x.student_id where x.standing = 'toRegister' and not x.registered order by x.student_id limit $12`;

/** Students of a grade ($9) and class ($10) if given who are not registered yet, or can't be now; at most $11. */
export const LEFT_OF_A_GRADE = `
  select x.student_id as id from (${STANDINGS(ONE)} where e.grade = $9 and ($10::text is null or e.class_name = $10)) x
  where x.standing in ('toRegister','suspended','pending') and not x.registered order by x.student_id limit $11`;

/** How students ($9) stand, each of them in its place. */
export const STANDING_OF = `
  select w.id as "studentId", x.enrolment_id as "enrolmentId", x.standing, coalesce(x.registered, false) as registered, coalesce(x.owed,
    false) as owed
  from unnest($9::uuid[]) with ordinality w (id, place) left join lateral (
    select i.*, ${OWED_OF('i')} as owed from (${STANDINGS(ONE)} where e.student_id = w.id) i
      order by array_position(array['toRegister','byEntry','pending','suspended','none'], i.standing) limit 1) x on true
  order by w.place`;
