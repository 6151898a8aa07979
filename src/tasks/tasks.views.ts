import { isoInShanghai } from '../platform/clock.js';
import type { Transaction } from '../platform/database/in-scope.js';
import { READABLE } from '../platform/database/migrations/scope.sql.js';
import { ORGANISATION_NAME, PERSON_NAME } from '../organisations/organisations.store.js';
import type { TaskView } from './tasks.dto.js';

export interface TaskItemRow extends Omit<
  TaskView,
  'capacity' | 'escalatedTo' | 'recordedOnBehalf' | 'dueAt' | 'overdue' | 'filedAt' | 'decidedAt' | 'claimLapsesAt'
> {
  claimLapsesAt: Date | null;
  dueAt: Date;
  filedAt: Date;
  decidedAt: Date | null;
}

/** The end of a claim, counted by the calendar in force (A8), or null without a claim. */
const CLAIM_LAPSES = 'end_of_working_day(h.province_id, t.claimed_on, t.claim_working_days)';

/** The columns and joins of a task item; `t` is the task, `h` its holder. */
const columns = (state: string, decidedLateReevaluated: string): string => `
  t.id, t.request_id as "requestId", r.number, r.kind, t.step, t.visit, t.capacities, ${ORGANISATION_NAME('h')} as holder, t.office,
  case when b.id is null then null else ${ORGANISATION_NAME('b')} end as "onBehalfOf",
  (select coalesce(jsonb_agg(${ORGANISATION_NAME('e')} order by u.nth), '[]') from unnest(t.escalated_to) with ordinality u (id, nth)
    join organisation e on e.id = u.id) as escalations,
  ${state} as state, t.version,
  to_char(t.due_date, 'YYYY-MM-DD') as "dueDate", t.due_at as "dueAt", t.provisional, t.working_days as "workingDays",
  to_char(t.arrived_on, 'YYYY-MM-DD') as "arrivedOn", case when ${READABLE('r')} then r.masked_name else '*' end as "maskedName",
  r.route ->> 'batch' as batch,
  r.objected, ${ORGANISATION_NAME('src')} as "sourceSchool",
  case when dst.id is null then null else ${ORGANISATION_NAME('dst')} end as "destinationSchool", ${ORGANISATION_NAME('fil')} as filer,
    r.filed_at as "filedAt", t.returns,
  t.assignee_id as "assigneeId", ${PERSON_NAME('t.assignee_id')} as assignee, t.claimant_id as "claimantId",
    ${PERSON_NAME('t.claimant_id')} as claimant,
  ${CLAIM_LAPSES} as "claimLapsesAt", t.delegate_id as "delegateId", ${PERSON_NAME('t.delegate_id')} as delegate,
  (select to_char(min(u.answer_by), 'YYYY-MM-DD') from urge u where u.task_id = t.id and u.answered_at is null) as "answerBy",
  t.verdict, t.decided_at as "decidedAt", t.decided_late as "decidedLate",
  ${decidedLateReevaluated} as "decidedLateReevaluated"`;

export const TASK_COLUMNS = columns(
  `case when is_paused(t, r) then 'paused' else t.state end`,
  `case when t.state = 'decided' then (select t.decided_at >= n.due_at from task_due n where n.id = t.id) end`,
);
/** The same of open tasks, for statements that look at no others, because under row-level security unread columns cost time too. */
export const OPEN_TASK_COLUMNS = columns('t.state', 'null::boolean');

export const TASK_JOINS = `
  join change_request r on r.id = t.request_id join organisation h on h.id = t.holder_id left join organisation b
    on b.id = t.on_behalf_of_id
  join organisation src on src.id = r.source_school_id left join organisation dst on dst.id = r.destination_school_id join organisation fil
    on fil.id = r.filer_organisation_id`;

/** A claim that has lapsed is none; no act says so. */
const claimedBy = (
  { claimantId, claimant, claimLapsesAt }: TaskItemRow,
  now: number,
): Pick<TaskView, 'claimantId' | 'claimant' | 'claimLapsesAt'> =>
  claimLapsesAt && claimLapsesAt.getTime() <= now
    ? { claimantId: null, claimant: null, claimLapsesAt: null }
    : { claimantId, claimant, claimLapsesAt: claimLapsesAt && isoInShanghai(claimLapsesAt.getTime()) };

export const taskView = (row: TaskItemRow, now: number): TaskView => ({
  ...row,
  ...claimedBy(row, now),
  capacity: row.capacities[0] ?? row.step,
  recordedOnBehalf: row.onBehalfOf !== null,
  escalatedTo: row.escalations.at(-1) ?? null,
  dueAt: isoInShanghai(row.dueAt.getTime()),
  overdue: row.state === 'open' ? now >= row.dueAt.getTime() : row.decidedLate === true,
  filedAt: isoInShanghai(row.filedAt.getTime()),
  decidedAt: row.decidedAt && isoInShanghai(row.decidedAt.getTime()),
});

export async function oneTask(tx: Transaction, id: string, now: number): Promise<TaskView | undefined> {
  const [row] = await tx.query<TaskItemRow[]>(`select ${TASK_COLUMNS} from task t ${TASK_JOINS} where t.id = $1`, [id]);
  return row && taskView(row, now);
}
