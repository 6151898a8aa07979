import { beyond, type Transaction } from '../platform/database/in-scope.js';

/**
 * How far into a person's facts an organisation sees (Art 25). The present or last school and its superiors see everything. A former school
 * sees the facts in force and on record when the student left.
 */
export interface Reach {
  /** The last day of which it may know. */
  readonly day: string;
  /** What was recorded later stays unknown to it, epoch milliseconds. */
  readonly recordedBy: number;
  /** Whether it is the student's present school, its competent authority, or who acts for it or keeps the dossier. */
  readonly handles: boolean;
}

const REACH = `
  with mine as (
    select e.valid_to, e.changed_at, e.state in ('pending','heldDuplicate') as waits, o.id = any($2) or o.ancestors && $2 as seen,
      coalesce($2 && array[o.id, o.parent_id, o.acting_id, e.custodian_id], false) as handles,
      row_number() over (order by (e.state in ('active','suspended')) desc, e.valid_from desc, e.recorded_at desc) as nth
    from enrolment e join organisation o on o.id = e.school_id where e.student_id = $1
  )
  select coalesce(bool_or(handles and nth = 1), false) as handles, coalesce(bool_or(seen and (nth = 1 or valid_to is null)),
    false) as present,
    coalesce(bool_and(waits) filter (where seen) and bool_or(not waits), false) as waiting,
    to_char(max(valid_to) filter (where seen) - 1, 'YYYY-MM-DD') as day, max(changed_at) filter (where seen) as at from mine`;

interface Found {
  handles: boolean;
  present: boolean;
  waiting: boolean;
  day: string | null;
  at: Date | null;
}

export const FAR_AHEAD = '9999-12-31';
/** Of whoever is to continue a dossier of another school (Art 7): until the registration is made it reads nothing of the former study. */
const BEFORE_ANY = '0001-01-01';

export async function reachOf(tx: Transaction, studentId: string, organisations: readonly string[]): Promise<Reach> {
  const [row] = await beyond(tx, 'schoolHistory', () => tx.query<Found[]>(REACH, [studentId, organisations]));
  if (row?.waiting) return { day: BEFORE_ANY, recordedBy: 0, handles: false };
  if (!row || row.present || row.day === null || row.at === null)
    return { day: FAR_AHEAD, recordedBy: Infinity, handles: row?.handles ?? false };
  return { day: row.day, recordedBy: row.at.getTime(), handles: row.handles };
}

/** What was asked for, as far as it reaches. */
export const narrowedReach = (reach: Reach, day: string, recordedBy: number): Reach => ({
  ...reach,
  day: day < reach.day ? day : reach.day,
  recordedBy: Math.min(recordedBy, reach.recordedBy),
});
