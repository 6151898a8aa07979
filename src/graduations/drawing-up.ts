import { FIELD_FAULTS } from '../domain/messages/field-faults.js';
import type { Transaction } from '../platform/database/in-scope.js';
import { Problem } from '../platform/http/problem.js';
import type { ToLeave } from './leaving-students.js';
import { MOST_MEMBERS, type DrawUpGraduation } from './graduations.dto.js';

/** Who is in an open class ($2) of the school ($1), or is to be when the registration is through; at most $3. */
const IN_CLASS = `
  select e.student_id as id from enrolment e join school_class c on c.school_id = e.school_id and c.grade = e.grade
    and c.name = e.class_name and c.closed_on is null
  where e.school_id = $1 and c.id = $2 and e.state in ('active','suspended','pending','heldDuplicate') order by e.student_id limit $3`;
/** Of students ($2) who have, or had, an enrolment at the school ($1). */
const AT_SCHOOL = 'select distinct student_id as id from enrolment where school_id = $1 and student_id = any($2::uuid[])';

/**
 * The students of a list, or of a class but for some, each with what is said of it or of all.
 * @throws Problem not-found for no open class of the school; graduation-empty; class-too-large; invalid-input for who is no student of the
 *   school, or named twice
 */
export async function studentsToLeave(tx: Transaction, schoolId: string, asked: DrawUpGraduation): Promise<ToLeave[]> {
  const { classId, students = [], except = [], outcome, leavingOn } = asked;
  if (classId === undefined && students.length === 0)
    throw new Problem('invalid-input', { errors: [{ pointer: '/students', detail: FIELD_FAULTS.missing }] });
  const named = new Map(students.map((one) => [one.studentId, one]));
  const known = new Set((await tx.query<{ id: string }[]>(AT_SCHOOL, [schoolId, [...named.keys()]])).map(({ id }) => id));
  const errors = students.flatMap(({ studentId }, nth) => {
    if (!known.has(studentId)) return [{ pointer: `/students/${nth}/studentId`, detail: FIELD_FAULTS.wrong }];
    const again = students.findIndex((one) => one.studentId === studentId) !== nth;
    return again ? [{ pointer: `/students/${nth}/studentId`, detail: FIELD_FAULTS.twice }] : [];
  });
  if (errors.length > 0) throw new Problem('invalid-input', { errors });
  const out = new Set(except);
  const ofClass = classId === undefined ? [] : await inClass(tx, schoolId, classId);
  const ids = [...new Set([...ofClass, ...named.keys()])].filter((id) => !out.has(id));
  if (ids.length === 0) throw new Problem('graduation-empty');
  if (ids.length > MOST_MEMBERS) throw new Problem('too-many-students', { facts: { most: MOST_MEMBERS } });
  return ids.map((studentId) => {
    const own = named.get(studentId);
    return { studentId, outcome: own?.outcome ?? outcome, leavingOn: own?.leavingOn ?? leavingOn, early: own?.early ?? null };
  });
}

async function inClass(tx: Transaction, schoolId: string, classId: string): Promise<string[]> {
  const open = await tx.query<unknown[]>('select 1 from school_class where id = $1 and school_id = $2 and closed_on is null', [
    classId,
    schoolId,
  ]);
  if (open.length === 0) throw new Problem('not-found');
  const rows = await tx.query<{ id: string }[]>(IN_CLASS, [schoolId, classId, MOST_MEMBERS + 1]);
  return rows.map(({ id }) => id);
}
