import type { Transaction } from '../platform/database/in-scope.js';
import type { Nearer } from './nearer-wakes.js';
import { FIRST } from './moved-tasks.js';

interface Telling {
  id: string;
  after: string | null;
  approvedAt: Date;
  from: string | null;
  through: string | null;
  /** Of an overlay. */
  provinceId: string | null;
}

/** An activity that began before the approval was visible may have read by the older calendar so much later: longer none lasts. */
const MARGIN = `interval '5 seconds'`;

const STALE = (size: number): string => `
  select t.id as "taskId", r.id as "requestId", r.kind, r.number
  from task t join change_request r on r.id = t.request_id join process_cursor c on c.request_id = r.id
  where t.state = 'open' and t.id > $1 and (t.arrived_on < $3::date or t.budget is not null) and t.due_date >= $2::date
    and c.read_at < $4::timestamptz + ${MARGIN}
    and ($5::uuid is null or exists (select 1 from organisation h where h.id = t.holder_id and h.province_id = $5))
  order by t.id limit ${size}`;

/**
 * The next cases whose deadline an amendment moved and whose process has not read the ledger since. Their story in the Temporal UI has the
 * former date. The place reached is recorded; an empty answer means that all are done.
 */
export async function staleStories(tx: Transaction, size: number): Promise<Nearer[]> {
  const [telling] = await tx.query<Telling[]>(
    `select m.id, m.told_to as after, m.approved_at as "approvedAt", to_char(m.changed_from, 'YYYY-MM-DD') as from,
       to_char(m.changed_through, 'YYYY-MM-DD') as through, c.organisation_id as "provinceId"
     from deadline_move m join calendar_version v on v.id = m.id join calendar c on c.id = v.calendar_id
     where m.telling and m.phase = 'done' order by m.approved_at, m.id limit 1`,
    [],
  );
  if (!telling) return [];
  const { id, after, approvedAt, from, through, provinceId } = telling;
  const stale =
    from === null
      ? []
      : await tx.query<(Nearer & { taskId: string })[]>(STALE(size), [after ?? FIRST, from, through, approvedAt, provinceId]);
  await tx.query('update deadline_move set told_to = $2, telling = $3 where id = $1', [
    id,
    stale.at(-1)?.taskId ?? after,
    stale.length > 0,
  ]);
  return [...new Map(stale.map((one) => [one.requestId, one])).values()];
}
