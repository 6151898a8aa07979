import { CALENDAR_AT } from '../calendar/national-calendar.js';
import { recordIntakeAct } from '../dossier/intakes.js';
import type { Transaction } from '../platform/database/in-scope.js';
import { noteSilences, SILENCES_AT_ONCE, type SilenceDeps } from '../cases/silences.js';
import { ENDS_ON } from './intakes.views.js';

interface Ending {
  id: string;
  schoolId: string;
  authorityId: string;
  endsOn: string;
  left: number;
}

/** Working days before the cut-off from which the school and its authority know what is left. */
const WARN_BEFORE = 10;

/** Rows that are neither registered nor ended. */
const LEFT = `
  select count(*)::int as n from registration g join enrolment e on e.id = g.enrolment_id
  where g.intake_id = i.id and g.registered_at is null and e.state in ('pending', 'heldDuplicate')`;

/** Intakes whose registration ends within those days of a day ($1), with rows left, and of which nobody was told. */
export const ENDING_INTAKES = `
  select i.id, i.school_id as "schoolId", o.parent_id as "authorityId", to_char(x.ends_on, 'YYYY-MM-DD') as "endsOn", l.n as left
  from intake i join organisation o on o.id = i.school_id
    cross join lateral (select ${ENDS_ON} as ends_on) x
    ${CALENDAR_AT}
    join working_day t on t.calendar_id = c.id and t.date = $1::date
    join working_day d on d.calendar_id = c.id and d.date = x.ends_on and d.ordinal - t.ordinal <= ${WARN_BEFORE}
    cross join lateral (${LEFT}) l
  where i.warned_at is null and x.ends_on >= $1::date and l.n > 0 order by i.id limit ${SILENCES_AT_ONCE}`;

/** Tells school and authority once that the registration of an intake ends soon with rows left. True when there may be more. */
export const warnOfCutOffs = (deps: SilenceDeps): Promise<boolean> =>
  noteSilences<Ending>(deps, ENDING_INTAKES, (tx, one) => warn(tx, deps, one));

/** Under the intake's lock: whom another process has told meanwhile is not told again. */
async function warn(tx: Transaction, deps: SilenceDeps, { id, ...body }: Ending): Promise<void> {
  const due = await tx.query<unknown[]>('select 1 from intake where id = $1 and warned_at is null for update', [id]);
  if (due.length === 0) return;
  await recordIntakeAct(tx, deps, id, { kind: 'ending', key: 'ending', body: { intakeId: id, ...body } });
  await tx.query('update intake set warned_at = $2 where id = $1', [id, new Date(deps.clock.now())]);
}
