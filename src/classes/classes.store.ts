import type { Transaction } from '../platform/database/in-scope.js';
import type { ClassView } from './classes.dto.js';

const COLUMNS = `
  c.id, c.name, c.grade, c.major_code as "majorCode", c.head_teacher as "headTeacher", c.size,
  (select count(*)::int from enrolment e where e.school_id = c.school_id and e.grade = c.grade and e.class_name = c.name
    and e.state = 'active' and c.closed_on is null) as students,
  to_char(c.opened_on, 'YYYY-MM-DD') as "openedOn", to_char(c.closed_on, 'YYYY-MM-DD') as "closedOn", c.merged_into as "mergedInto"`;

/** A page of a school's classes ($1) by grade, name and id. */
export const CLASSES = `
  select ${COLUMNS} from school_class c
  where c.school_id = $1 and ($2::text is null or c.grade = $2) and ($3::boolean or c.closed_on is null)
    and (c.grade, c.name, c.id) > ($4::text, $5::text, $6::uuid) order by c.grade, c.name, c.id limit $7`;

/** Locks a class, so that nobody enters it meanwhile, nor closes it. */
export const LOCK_CLASS = 'select 1 from school_class where id = $1 and school_id = $2 for update';

/** @returns undefined for a class of another school */
export async function schoolClassOf(tx: Transaction, schoolId: string, id: string): Promise<ClassView | undefined> {
  const [row] = await tx.query<ClassView[]>(`select ${COLUMNS} from school_class c where c.school_id = $1 and c.id = $2`, [schoolId, id]);
  return row;
}

/** A new name is the present one, and the latest ten of the former ones are kept. */
export const CHANGE_CLASS = `
  update school_class set name = $2, head_teacher = $3, size = $4,
    former_names = case when name = $2 then former_names else (array_prepend(name, array_remove(former_names, name)))[1:10] end
  where id = $1`;

/** A student of the school ($1), locked. */
export interface EnrolledStudent {
  readonly studentId: string;
  readonly enrolmentId: string;
  readonly grade: string;
  readonly majorCode: string | null;
  /** The first day on which a class may be changed: that of the last change, or of the enrolment. */
  readonly from: string;
}

const ENROLLED = (states: string, which: string): string => `
  select e.student_id as "studentId", e.id as "enrolmentId", e.grade, e.major_code as "majorCode",
    to_char(greatest(e.valid_from, coalesce(e.class_since, e.since)), 'YYYY-MM-DD') as "from"
  from enrolment e join student s on s.id = e.student_id
  where e.school_id = $1 and e.state in (${states}) and ${which} order by e.student_id limit $3 for update of s`;

/** Of these students ($2), who are on roll. */
export const ENROLLED_AMONG = ENROLLED(`'active','suspended'`, 'e.student_id = any($2::uuid[])');
/** Of a class ($2: its name); who waits for registration is in it, too. */
export const ENROLLED_IN = ENROLLED(`'active','suspended','pending','heldDuplicate'`, 'e.class_name = $2::text');

/** Who is locked changes class, from a day on. */
export const PLACE = `
  update enrolment set class_name = $2, class_since = greatest($3::date, class_since, since), changed_at = $4, changed_by = null
  where id = any($1::uuid[])`;
