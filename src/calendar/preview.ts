import type { Transaction } from '../platform/database/in-scope.js';
import { ORGANISATION_NAME } from '../organisations/organisations.store.js';
import { NATIONAL_CALENDAR } from './national-calendar.js';
import type { MovedTaskView, PreviewOfProvince, PreviewView } from './amendments.dto.js';

/** `remaining_days` by the numbering that approval would write. */
const USED = `
  select coalesce(sum(n.ordinals[(used ->> 1)::date - n.first + 1] - n.ordinals[(used ->> 0)::date - n.first + 1]), 0)
    from jsonb_array_elements(l -> 'used') used`;
const WORKING_DAYS = `
  case when t.budget is null then t.working_days else (
    select greatest((t.budget ->> 'least')::int, min((l ->> 'workingDays')::int - (${USED})))::int + coalesce((t.budget ->>
      'extended')::int, 0)
    from jsonb_array_elements(t.budget -> 'limits') l) end`;

/**
 * Every open task with its present deadline and that of a draft ($1), by the numbering that approval would write. The numbering comes as
 * arrays, whose n-th element is the n-th working day. $2 is the present instant.
 * `compared` is materialized, because a sort above it would else carry the arrays of a whole calendar with each task.
 */
const PROPOSED = `
  with numbered as materialized (
    select calendar_id, min(date) as first, array_agg(ordinal order by date) as ordinals, array_agg(date
      order by date) filter (where worked) as nth
    from effective_days($1) group by calendar_id),
  settled as materialized (select published_through($1) as through),
  compared as materialized (
    select t.id, t.request_id, t.holder_id, h.province_id, t.due_date as due_from, d.date as due_to,
      t.due_at <= $2::timestamptz as was_overdue,
      ((d.date + 1)::timestamp at time zone 'Asia/Shanghai') <= $2 as is_overdue, t.provisional as was_provisional,
        d.date > settled.through as is_provisional
    from settled cross join task t join organisation h on h.id = t.holder_id
      left join (calendar own join numbered has on has.calendar_id = own.id) on own.organisation_id = h.province_id
      join numbered n on n.calendar_id = coalesce(own.id, '${NATIONAL_CALENDAR}')
      cross join lateral (select n.nth[n.ordinals[t.arrived_on - n.first + 1] + ${WORKING_DAYS}] as date offset 0) d
    where t.state = 'open')`;

const COUNTS = `
  count(*)::int as "openTasks", (count(*) filter (where due_from <> due_to))::int as moved,
  (count(*) filter (where due_to < due_from))::int as earlier, (count(*) filter (where due_to > due_from))::int as later,
  (count(*) filter (where is_overdue and not was_overdue))::int as "becomeOverdue",
  (count(*) filter (where was_overdue and not is_overdue))::int as "ceaseToBeOverdue",
  (count(*) filter (where was_provisional and not is_provisional))::int as "noLongerProvisional"`;

const BY_PROVINCE = `${PROPOSED}
  select case when p.id is null then null else ${ORGANISATION_NAME('p')} end as province, ${COUNTS}
  from compared left join organisation p on p.id = compared.province_id group by p.id order by p.code nulls first`;

const MOST_LISTED = 100;
const CHANGES_SIDE = `${PROPOSED}
  select c.id as "taskId", r.number, ${ORGANISATION_NAME('h')} as holder, to_char(c.due_from, 'YYYY-MM-DD') as "dueFrom", to_char(c.due_to,
    'YYYY-MM-DD') as "dueTo",
    c.is_overdue as overdue
  from compared c join change_request r on r.id = c.request_id join organisation h on h.id = c.holder_id
  where c.was_overdue <> c.is_overdue order by c.due_to, c.id limit ${MOST_LISTED}`;

type Counts = Omit<PreviewOfProvince, 'province'>;
const NONE: Counts = { openTasks: 0, moved: 0, earlier: 0, later: 0, becomeOverdue: 0, ceaseToBeOverdue: 0, noLongerProvisional: 0 };

const plus = (a: Counts, b: Counts): Counts => ({
  openTasks: a.openTasks + b.openTasks,
  moved: a.moved + b.moved,
  earlier: a.earlier + b.earlier,
  later: a.later + b.later,
  becomeOverdue: a.becomeOverdue + b.becomeOverdue,
  ceaseToBeOverdue: a.ceaseToBeOverdue + b.ceaseToBeOverdue,
  noLongerProvisional: a.noLongerProvisional + b.noLongerProvisional,
});

/** What a draft would do to the open tasks if it were approved at this instant (A8); nothing is written. */
export async function previewOfAmendment(tx: Transaction, draftId: string, now: Date): Promise<PreviewView> {
  const [byProvince, changing] = await Promise.all([
    tx.query<PreviewOfProvince[]>(BY_PROVINCE, [draftId, now]),
    tx.query<MovedTaskView[]>(CHANGES_SIDE, [draftId, now]),
  ]);
  return { ...byProvince.reduce<Counts>(plus, NONE), byProvince, changing };
}
