import type { Transaction } from '../platform/database/in-scope.js';
import { agendaOf } from '../domain/case/agenda.js';
import { caseOf } from '../domain/case/fold.js';
import type { CaseDeps } from '../cases/cases.store.js';
import { asAct } from '../cases/cases.store.js';
import { FIRST } from './moved-tasks.js';
import type { StoredAct } from '../platform/ledger/streams.js';

/** A case whose next message came nearer than the instant that its process sleeps towards. */
export interface Nearer {
  readonly requestId: string;
  readonly kind: string;
  readonly number: string;
}

/** The days that an amendment changed, 'YYYY-MM-DD'. */
export interface Changed {
  readonly from: string;
  readonly through: string;
}

interface Asleep {
  taskId: string;
  requestId: string;
  kind: string;
  number: string;
  wakeAt: Date;
}

/**
 * The next open tasks with a changed day ($2 to $3) before their deadline or next message. Days before the arrival belong to an earlier
 * visit.
 */
const asleepAfter = (size: number): string => `
  select t.id as "taskId", r.id as "requestId", r.kind, r.number, c.next_wake_at as "wakeAt"
  from task t join change_request r on r.id = t.request_id join process_cursor c on c.request_id = r.id
  where t.state = 'open' and t.id > $1 and c.next_wake_at is not null and (t.arrived_on < $3::date or t.budget is not null)
    and greatest(t.due_date, (c.next_wake_at at time zone 'Asia/Shanghai')::date) >= $2::date
  order by t.id limit ${size}`;

const ACTS = `select stream_id as "streamId", seq, kind, process, key, at, body, hash
  from act where stream_id = any($1) order by stream_id, seq`;

/** One statement in the order of ids; cursors are what every transaction locks last, so nobody who waits for us holds what we wait for. */
const NEARER = `
  update process_cursor c set next_wake_at = n.at from jsonb_to_recordset($1) as n (id uuid, at timestamptz)
  where c.request_id = n.id and c.next_wake_at > n.at returning c.request_id as "requestId"`;

/**
 * Finds, after a task, the next cases whose process sleeps too long, and writes into their cursors when to look again. If the wake is lost,
 * the reconciler wakes them then.
 */
export async function nearerAfter(
  tx: Transaction,
  { calendar }: CaseDeps,
  after: string | null,
  size: number,
  changed: Changed,
): Promise<{ last: string | null; nearer: Nearer[] }> {
  const asleep = await tx.query<Asleep[]>(asleepAfter(size), [after ?? FIRST, changed.from, changed.through]);
  if (asleep.length === 0) return { last: null, nearer: [] };
  const calendars = await calendar.current(tx);
  const stories = await storiesOf(tx, [...new Set(asleep.map(({ requestId }) => requestId))]);
  const moved = asleep.flatMap(({ requestId, wakeAt }) => {
    const acts = stories.get(requestId);
    const next = acts && agendaOf(caseOf(acts.map(asAct)), calendars, requestId)[0];
    return next && next.at < wakeAt.getTime() ? [{ id: requestId, at: new Date(next.at).toISOString() }] : [];
  });
  const [rows] = (await tx.query(NEARER, [JSON.stringify(moved)])) as unknown as [{ requestId: string }[], number];
  const written = new Set(rows.map(({ requestId }) => requestId));
  const once = new Map(asleep.filter(({ requestId }) => written.has(requestId)).map((one) => [one.requestId, one]));
  return { last: asleep.at(-1)?.taskId ?? null, nearer: [...once.values()] };
}

/** The acts of several streams, each in order. */
export async function storiesOf(tx: Transaction, ids: readonly string[]): Promise<Map<string, StoredAct[]>> {
  const rows = await tx.query<(Omit<StoredAct, 'at'> & { streamId: string; at: Date })[]>(ACTS, [ids]);
  const stories = new Map<string, StoredAct[]>();
  for (const { streamId, at, ...row } of rows) {
    const acts = stories.get(streamId) ?? [];
    acts.push({ ...row, at: at.getTime() });
    stories.set(streamId, acts);
  }
  return stories;
}
