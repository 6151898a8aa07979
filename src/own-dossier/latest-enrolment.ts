import { handlingAt, type Actor } from '../domain/offices.js';
import { beyond, type Transaction } from '../platform/database/in-scope.js';
import { Problem } from '../platform/http/problem.js';

/** The enrolment that is held, or else the last one, as far as a dossier's keepers hang on it. */
interface Latest {
  readonly schoolId: string;
  /** Whether the student is of the school still, and no leaver. */
  readonly hasSchool: boolean;
  /** Those that answer for the dossier of a leaver. */
  readonly authorities: readonly string[];
}

const LATEST = `
  select e.school_id as "schoolId", e.state in ('active','suspended','pending','heldDuplicate') as "hasSchool",
    array_remove(array[e.custodian_id, o.acting_id, o.parent_id], null) as authorities,
    o.id = any($2) or o.ancestors && $2 or coalesce(e.custodian_id = any($2), false) as seen
  from enrolment e join organisation o on o.id = e.school_id where e.student_id = $1
  order by (e.state in ('active','suspended')) desc, e.valid_from desc, e.recorded_at desc limit 1`;

/** Of a student at the actor's organisations or below them; a former school's is not. @throws Problem not-found */
export async function latestOf(tx: Transaction, actor: Actor, studentId: string): Promise<Latest> {
  const [row] = await beyond(tx, 'schoolHistory', () => tx.query<(Latest & { seen: boolean })[]>(LATEST, [studentId, handlingAt(actor)]));
  if (!row?.seen) throw new Problem('not-found');
  return row;
}
