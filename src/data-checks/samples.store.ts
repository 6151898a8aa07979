import { ORGANISATION_NAME } from '../organisations/organisations.store.js';

/** Of organisations ($2) the nearest that is an organisation ($1), or stands above it. */
export const INSPECTED_BY = `
  select x.id as by from organisation o cross join unnest(o.id || o.ancestors) with ordinality x (id, nth)
  where o.id = $1 and x.id = any($2::uuid[]) order by x.nth limit 1`;

const ON_ROLL = `
  from enrolment e join organisation o on o.id = e.school_id
  where e.school_id in (select b.id from organisation b where b.id = $1::uuid or b.ancestors && array[$1::uuid])
    and e.state in ('active', 'suspended')`;

export const POPULATION = `select count(*)::int as students ${ON_ROLL}`;

/** Students on roll at and below an organisation ($1): the first $3 in an order that a seed ($2) and their ids make. */
export const SAMPLE = `
  select e.student_id as "studentId", s.masked_name as "maskedName", ${ORGANISATION_NAME('o')} as school, e.grade,
    e.class_name as "className", e.major_code as "majorCode", e.state
  from (select e.id, md5($2::text || e.student_id) as place ${ON_ROLL} order by 2, 1 limit $3::int) x
    join enrolment e on e.id = x.id join student s on s.id = e.student_id join organisation o on o.id = e.school_id
  order by x.place, x.id`;
