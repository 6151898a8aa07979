import { intakePeriod, type SEASONS } from '../domain/terms/registration-period.js';
import { ORGANISATION_NAME } from '../organisations/organisations.store.js';
import type { Transaction } from '../platform/database/in-scope.js';

/**
 * The enrolment at the school of a list `l` by which somebody admitted (`a`) reported in a period. A present or a former document says who.
 * @param from, through the period, as SQL
 */
const MATCHED = (from: string, through: string): string => `
  left join lateral (
    select e.id, e.state, e.student_id from enrolment e join student s on s.id = e.student_id
    where e.enrolled_on between ${from} and ${through}
      and s.id in (select id from student where document_index = a.document_index
        union select student_id from former_document where document_index = a.document_index)
      and (e.school_id = l.school_id or exists (select 1 from registration g
        where g.enrolment_id = e.id and g.school_id = l.school_id))
    order by e.state in ('pending', 'heldDuplicate'), e.recorded_at desc limit 1) m on true`;

const STATE = `case when m.id is null then 'missing' when m.state in ('pending', 'heldDuplicate') then 'reported' else 'registered' end`;

/** Lists ($1) by major. $2 and $3: the period of the intake of each. */
export const ADMITTED_BY_MAJOR = `
  select l.id as "listId", a.major_code as "majorCode", count(*)::int as admitted, count(m.id)::int as reported,
    count(m.id) filter (where m.state not in ('pending', 'heldDuplicate'))::int as registered
  from unnest($1::uuid[], $2::date[], $3::date[]) as p (list, since, through) join admission_list l on l.id = p.list
    join admission a on a.list_id = l.id ${MATCHED('p.since', 'p.through')}
  group by 1, 2 order by 1, 2`;

/** New students of a school ($1) in a period ($2, $3) by major, and those of them who are on no list of the school. */
export const NEW_STUDENTS = `
  select e.major_code as "majorCode", count(*)::int as students,
    count(*) filter (where not exists (select 1 from admission a join admission_list l on l.id = a.list_id and l.withdrawn_at is null
      where l.school_id = $1 and a.document_index in (select s.document_index from student s where s.id = e.student_id
        union select f.document_index from former_document f where f.student_id = e.student_id)))::int as unlisted
  from enrolment e join registration g on g.enrolment_id = e.id
  where g.school_id = $1 and e.enrolled_on between $2::date and $3::date and e.major_code is not null group by 1`;

/** People of a list ($1) in a state ($4), after a row ($5), at most $6. $2 and $3: the period of its intake. */
export const ADMITTED_PEOPLE = `
  select a.row, a.name_cipher as name, a.document_type as "documentType", a.document_cipher as document, a.major_code as "majorCode",
    ${STATE} as state, m.student_id as "studentId"
  from admission_list l join admission a on a.list_id = l.id ${MATCHED('$2::date', '$3::date')}
  where l.id = $1 and a.row > $5 and ($4::text is null or ${STATE} = $4) order by a.row limit $6`;

/** Lists that the transaction's scope shows: all ($1 null) or one, of a school ($2) or of any, the latest first, after one ($3, $4). */
export const ADMISSION_LISTS = `
  select l.id, ${ORGANISATION_NAME('o')} as school, l.school_id as "schoolId", l.year, l.season,
    to_char(l.reports_on, 'YYYY-MM-DD') as "reportsOn",
    l.plans, l.people as admitted, l.withdrawn_at is not null as withdrawn, l.recorded_at as "recordedAt", o.ancestors,
    o.province_id as "provinceId"
  from admission_list l join organisation o on o.id = l.school_id
  where ($1::uuid is null or l.id = $1) and ($2::uuid is null or l.school_id = $2)
    and ($3::timestamptz is null or (l.recorded_at, l.id) < ($3, $4::uuid))
  order by l.recorded_at desc, l.id desc limit $5`;

export type Season = (typeof SEASONS)[number];

export interface MajorCounts {
  readonly listId: string;
  readonly majorCode: string;
  readonly admitted: number;
  readonly reported: number;
  readonly registered: number;
}

/** How many of each list were admitted, reported and are registered, by major; of all lists together. */
export function admittedByMajor(
  tx: Transaction,
  lists: readonly { readonly id: string; readonly year: number; readonly season: Season }[],
): Promise<MajorCounts[]> {
  const periods = lists.map(({ year, season }) => intakePeriod(year, season));
  return tx.query<MajorCounts[]>(ADMITTED_BY_MAJOR, [
    lists.map(({ id }) => id),
    periods.map(({ from }) => from),
    periods.map(({ through }) => through),
  ]);
}
