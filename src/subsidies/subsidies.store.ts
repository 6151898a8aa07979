import { ORGANISATION_NAME } from '../organisations/organisations.store.js';

/** Vocational schools at and below organisations ($1) from a code ($2) on, in order. */
const SCHOOLS = `
  (select o.id, o.code, ${ORGANISATION_NAME('o')} as name from organisation o
    where o.level = 'school' and o.type <> 'ordinaryMiddle' and (o.id = any($1::uuid[]) or o.ancestors && $1::uuid[]) and o.code >= $2
    order by o.code) c`;

const PERSON = `s.id as "studentId", s.number_cipher as number, s.name_cipher as name, c.name as school, c.code`;

/** Days of a month ($4 to $5) on which an enrolment that changed since stood active and full-time: the first and the last of them. */
const STOOD = `
  select min(greatest(v.since, $4::date)) as first, max(least(coalesce(v.until - 1, $5::date), $5::date)) as last
  from (select w.since, w.state, w.study_mode, min(w.since) over (order by w.seq rows between 1 following and unbounded following) as until
    from enrolment_version w where e.since > $4::date and w.enrolment_id = e.id) v
  where v.state = 'active' and v.study_mode = 'fullTime' and v.since <= $5::date and (v.until is null or v.until > greatest(v.since, $4))`;

/**
 * Students active and full-time in a month ($4 to $5), of a grade ($6) or a later one. The page begins after a school's code ($2) and a
 * student ($3), and holds at most $7. An enrolment that stands as before the month is its own answer.
 */
export const ELIGIBLE = `
  select x.* from ${SCHOOLS} cross join lateral (
    select ${PERSON}, e.grade, e.major_code as "majorCode", e.length_years::float8 as "lengthYears", e.state,
      to_char(coalesce(d.first, $4::date), 'YYYY-MM-DD') as "from", to_char(coalesce(d.last, $5::date), 'YYYY-MM-DD') as through
    from enrolment e left join lateral (${STOOD}) d on true join student s on s.id = e.student_id
    where e.school_id = c.id and (c.code > $2 or e.student_id > $3::uuid) and e.valid_from <= $5::date and e.grade >= $6
      and case when e.since > $4::date then d.first is not null else e.state = 'active' and e.study_mode = 'fullTime' end
    order by e.student_id limit $7::int) x
  order by x.code, x."studentId" limit $7::int`;

/**
 * Enrolments that were registered formally and changed since an instant ($4), as they stand now. The page begins after a school's code
 * ($2), an instant ($5) and an enrolment ($3), and holds at most $6.
 */
export const CHANGED_SINCE = `
  select x.* from ${SCHOOLS} cross join lateral (
    select ${PERSON}, e.id as "enrolmentId", e.grade, e.major_code as "majorCode", e.length_years::float8 as "lengthYears", e.state,
      e.study_mode as "studyMode", to_char(e.since, 'YYYY-MM-DD') as since, e.changed_at as "changedAt", e.changed_at::text as "changedKey"
    from enrolment e join student s on s.id = e.student_id
    where e.school_id = c.id and e.changed_at >= $4::timestamptz and e.state not in ('pending', 'heldDuplicate')
      and (c.code > $2 or (e.changed_at, e.id) > ($5::timestamptz, $3::uuid))
    order by e.changed_at, e.id limit $6::int) x
  order by x.code, x."changedAt", x."enrolmentId" limit $6::int`;
