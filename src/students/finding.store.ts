import { ORGANISATION_NAME } from '../organisations/organisations.store.js';
import type { Sort, StudentItem } from './finding.dto.js';

/** What leads to the students: one school's list, all below some organisations, or an exact name or number among these. */
export type Way = 'school' | 'schoolByNumber' | 'below' | 'belowByNumber' | 'belowByName';

/** A row of a list; personal values are still sealed. */
export interface FoundStudent extends Omit<StudentItem, 'changedAt' | 'name' | 'studentNumber' | 'maskedName'> {
  readonly enrolmentId: string;
  readonly maskedName: string;
  readonly nameCipher: Buffer;
  readonly numberCipher: Buffer;
  readonly changedAt: Date;
  /** To the microsecond, for the cursor. */
  readonly changedKey: string;
}

const REACHED = (o: string): string => `(${o}.id = any($1::uuid[]) or ${o}.ancestors && $1::uuid[])`;

/** One row for each student: of the enrolments in reach the one on roll, or else the latest. */
const LATEST = (way: Way): string => `
  (select x.id from enrolment x ${way.startsWith('below') ? 'join organisation xo on xo.id = x.school_id' : ''}
    where x.student_id = e.student_id and x.state <> 'transferredOut' and ${way.startsWith('below') ? REACHED('xo') : 'x.school_id = $2'}
    order by x.state in ('active','suspended') desc, x.valid_from desc, x.recorded_at desc, x.id desc limit 1)`;

/**
 * Filters stand in `coalesce`. Otherwise a plan made before they are known takes them to leave next to nothing, and sorts a whole school
 * for each page.
 */
const ROWS = (way: Way): string => `
  from enrolment e join student s on s.id = e.student_id join organisation o on o.id = e.school_id
  where ${way.startsWith('below') ? '($2::uuid is null or e.school_id = $2)' : 'e.school_id = $2::uuid'} and ${REACHED('o')}
    and coalesce(e.state <> 'transferredOut'
      and ($3::text is null or e.grade = $3)
      and ($4::text is null or e.class_name = $4) and ($10::boolean is null or $10 = (e.class_name is null and e.state = 'active'))
      and ($5::text is null or e.state = $5) and ($7::text is null or e.major_code = $7) and ($8::text is null or e.study_mode = $8)
      and ($9::date is null or e.suspended_until < $9 and e.state = 'suspended') and e.id = ${LATEST(way)}, false)
    and coalesce(($6::timestamptz is null or s.changed_at > $6) and ($11::bytea[] is null or s.finding_keys @> $11), false)
    ${way.endsWith('ByNumber') ? 'and s.number_index = $12::bytea' : ''}${way.endsWith('ByName') ? 'and s.name_index = $12::bytea' : ''}`;

/** As the index has it. Beside a policy an index answers only what leaks nothing: to PostgreSQL `coalesce` may, `case` may not. */
const CLASS = `case when e.class_name is null then '' else e.class_name end`;

/** After which keys a page begins, and its order. */
const ORDER: Readonly<Record<Sort, (at: number) => { after: string; by: string }>> = {
  id: (at) => ({ after: `e.student_id > $${at}::uuid`, by: 'e.student_id' }),
  class: (at) => ({
    after: `(e.grade, ${CLASS}, e.student_id) > ($${at + 1}::text, $${at + 2}::text, $${at}::uuid)`,
    by: `e.grade, ${CLASS}, e.student_id`,
  }),
  changed: (at) => ({
    after: `(s.changed_at, e.student_id) < ($${at + 1}::timestamptz, $${at}::uuid)`,
    by: 's.changed_at desc, e.student_id desc',
  }),
};

/** The keys before the first page: before, or after, every id that was ever drawn. */
export const BEFORE_ALL: Readonly<Record<Sort, readonly string[]>> = {
  id: ['00000000-0000-0000-0000-000000000000'],
  class: ['00000000-0000-0000-0000-000000000000', '', ''],
  changed: ['ffffffff-ffff-ffff-ffff-ffffffffffff', 'infinity'],
};

/** The limit of a page, or what is sought first. */
const FIRST_OWN = 12;
const limitOf = (way: Way): number => (way.includes('By') ? FIRST_OWN + 1 : FIRST_OWN);

const COLUMNS = `
  s.id, e.id as "enrolmentId", s.masked_name as "maskedName", s.name_cipher as "nameCipher", s.number_cipher as "numberCipher",
  s.sex, ${ORGANISATION_NAME('o')} as school, e.state, e.grade, e.class_name as "className",
  e.state = 'active' and e.class_name is null as unplaced, e.major_code as "majorCode", e.study_mode as "studyMode",
  s.changed_at as "changedAt", s.changed_at::text as "changedKey",
  case when e.state = 'suspended' then (
    select jsonb_build_object('until', e.suspended_until, 'remindedAt', t.reminded_at, 'expiredAt', t.expired_at, 'orderId', t.order_id)
    from (select 1) one left join suspension_term t on t.enrolment_id = e.id and t.until = e.suspended_until) end as suspension`;

function listed(way: Way, sort: Sort): string {
  const limit = limitOf(way);
  const { after, by } = ORDER[sort](limit + 1);
  return `select ${COLUMNS} ${ROWS(way)} and ${after} order by ${by} limit $${limit}::int`;
}

/** Students by their enrolments ($1), by grade and class. */
export const OF_ENROLMENTS = `
  select ${COLUMNS} from enrolment e join student s on s.id = e.student_id join organisation o on o.id = e.school_id
  where e.id = any($1::uuid[]) order by e.grade, ${CLASS}, e.student_id`;

/** An open class ($1) as lists are filtered by it; of other schools than the caller's none. */
export const OPEN_CLASS = `select c.school_id as "schoolId", c.name from school_class c join organisation o on o.id = c.school_id
  where c.id = $1 and c.closed_on is null and (o.id = any($2::uuid[]) or o.ancestors && $2::uuid[])`;

/** Nobody counts beyond so many. */
export const MOST_COUNTED = 10_000;
const counted = (way: Way): string => `select count(*)::int as n from (select 1 ${ROWS(way)} limit ${MOST_COUNTED + 1}) one`;

/** A page of students, by way and order. Only the list of one school has another order than that of ids. */
export const PAGES: Readonly<Record<Way, Readonly<Partial<Record<Sort, string>>>>> = {
  school: { id: listed('school', 'id'), class: listed('school', 'class'), changed: listed('school', 'changed') },
  schoolByNumber: { id: listed('schoolByNumber', 'id') },
  below: { id: listed('below', 'id') },
  belowByNumber: { id: listed('belowByNumber', 'id') },
  belowByName: { id: listed('belowByName', 'id') },
};
export const COUNTS: Readonly<Record<Way, string>> = {
  school: counted('school'),
  schoolByNumber: counted('schoolByNumber'),
  below: counted('below'),
  belowByNumber: counted('belowByNumber'),
  belowByName: counted('belowByName'),
};

/**
 * Of enrolments ($1), the students of whom the school may not read the present name:
 * 1. A leaver whom another school has since.
 * 2. One who waits for registration and studied elsewhere before (Art 7).
 */
export const ELSEWHERE = `
  select e.student_id as id from enrolment e
  where e.id = any($1::uuid[]) and exists (select 1 from enrolment x where x.student_id = e.student_id and x.school_id <> e.school_id
    and x.state not in ('pending','heldDuplicate')
    and (e.state in ('pending','heldDuplicate') or (x.valid_from, x.recorded_at) > (e.valid_from, e.recorded_at)))`;
