import type { Transaction } from '../platform/database/in-scope.js';
import { noteSilences, SILENCES_AT_ONCE, type SilenceDeps } from '../cases/silences.js';
import { recordGraduationAct } from '../dossier/graduation-acts.js';

interface Overdue {
  id: string;
  schoolId: string;
  authorityId: string;
  leavingOn: string;
  students: number;
}

/** Graduations of a class that are not completed though a leaving day passed before a day ($1), and of which nobody was told. */
export const OVERDUE_GRADUATIONS = `
  select g.id, g.school_id as "schoolId", o.parent_id as "authorityId", to_char(m.first, 'YYYY-MM-DD') as "leavingOn", m.students
  from graduation g join organisation o on o.id = g.school_id left join change_request r on r.id = g.request_id
    cross join lateral (select min(x.leaving_on) as first, count(*)::int as students from graduation_member x
      where x.graduation_id = g.id and x.state = 'listed') m
  where g.completed_on is null and g.overdue_told_at is null and g.purpose = 'class' and m.first < $1::date
    and coalesce(r.state, 'open') = 'open' order by m.first, g.id limit ${SILENCES_AT_ONCE}`;

/** Tells school and authority once that a leaving day has passed without completion. True when there may be more. */
export const tellOfOverdueGraduations = (deps: SilenceDeps): Promise<boolean> =>
  noteSilences<Overdue>(deps, OVERDUE_GRADUATIONS, (tx, one) => tell(tx, deps, one));

/** Under the graduation's lock: what was told, or completed, meanwhile is not told again. */
async function tell(tx: Transaction, deps: SilenceDeps, { id, ...body }: Overdue): Promise<void> {
  const due = await tx.query<unknown[]>(
    'select 1 from graduation where id = $1 and overdue_told_at is null and completed_on is null for update',
    [id],
  );
  if (due.length === 0) return;
  await recordGraduationAct(tx, deps, id, { kind: 'overdue', key: 'overdue', body: { graduationId: id, ...body } });
  await tx.query('update graduation set overdue_told_at = $2 where id = $1', [id, new Date(deps.clock.now())]);
}
