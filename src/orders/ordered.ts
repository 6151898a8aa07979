import { FIELD_FAULTS } from '../domain/messages/field-faults.js';
import type { Words } from '../domain/messages/words.js';
import { organisationsOf } from '../platform/access/caller.js';
import { Problem } from '../platform/http/problem.js';
import { beyond, type Transaction } from '../platform/database/in-scope.js';
import type { Actor } from '../domain/offices.js';
import { PROCEDURES } from '../domain/procedure/procedures.js';
import type { PlainDate } from '../domain/working-days.js';
import { LATEST_ENROLMENT } from '../dossier/disputes/disputes.js';
import type { PlaceOrder } from './orders.dto.js';

export interface OrderedSchool {
  readonly id: string;
  /** The nearest superior of the school at which the actor is supervisor. */
  readonly authorityId: string;
  readonly provinceId: string | null;
  readonly closed: boolean;
  readonly seenBy: readonly string[];
}

export const invalidField = (pointer: string, detail: Words): Problem => new Problem('invalid-input', { errors: [{ pointer, detail }] });

/** The organisations at which the actor supervises. @throws Problem not-your-office */
export function supervisedFrom(actor: Actor): string[] {
  const mine = organisationsOf(actor, 'authoritySupervisor');
  if (mine.length === 0) throw new Problem('not-your-office');
  return mine;
}

/** A school that the actor may order: one below an authority of which the actor is supervisor (Art 5). */
export async function orderedSchool(tx: Transaction, actor: Actor, id: string, today: PlainDate): Promise<OrderedSchool> {
  const [school] = await tx.query<OrderedSchool[]>(
    `select id, province_id as "provinceId", coalesce(closed_on <= $3::date, false) as closed, array[id] || ancestors as "seenBy",
       (select u.id from unnest(ancestors) with ordinality as u (id, nth) where u.id = any($2) order by nth limit 1) as "authorityId"
     from organisation where id = $1 and level = 'school' and ancestors && $2`,
    [id, supervisedFrom(actor), today],
  );
  if (!school) throw invalidField('/schoolId', FIELD_FAULTS.notSchoolBelow);
  if (school.closed) throw new Problem('school-closed');
  return school;
}

/**
 * Checks the student of an order:
 * 1. The student is or was the school's.
 * 2. If the school is to file, the student is still its own.
 * 3. For a kind that the destination school files, the student is at another school below the authority.
 * @throws Problem already-filed
 */
export async function orderedStudent(tx: Transaction, school: OrderedSchool, { studentId, kind }: PlaceOrder): Promise<void> {
  if (studentId === undefined) return;
  const elsewhere = kind !== undefined && PROCEDURES[kind].filedBy === 'destinationSchool';
  const [student] = await tx.query<{ openRequestId: string | null }[]>(
    `select (select r.id from change_request r where r.student_id = s.id and r.kind = $3 and r.filer_organisation_id = $2
      and r.state = 'open') as "openRequestId"
     from student s where s.id = $1 and exists (
       select 1 from enrolment e join organisation o on o.id = e.school_id
       where e.student_id = s.id and (o.id = $2 or $4 and $5 = any(o.ancestors)))`,
    [studentId, school.id, kind ?? null, elsewhere, school.authorityId],
  );
  if (!student) throw invalidField('/studentId', FIELD_FAULTS.notStudentThere);
  if (kind !== undefined) await mustBeForItToFile(tx, school, { studentId, elsewhere });
  if (student.openRequestId) throw new Problem('already-filed', { facts: { requestId: student.openRequestId } });
}

/** Nobody is ordered to file what only another school can. */
async function mustBeForItToFile(
  tx: Transaction,
  { id }: OrderedSchool,
  { studentId, elsewhere }: { studentId: string; elsewhere: boolean },
): Promise<void> {
  const [present] = await beyond(tx, 'schoolHistory', () =>
    tx.query<{ schoolId: string }[]>(`select school_id as "schoolId" from (${LATEST_ENROLMENT('$1')}) e`, [studentId]),
  );
  if ((present?.schoolId === id) !== elsewhere) return;
  throw invalidField('/studentId', elsewhere ? FIELD_FAULTS.stillThere : FIELD_FAULTS.hasLeft);
}
