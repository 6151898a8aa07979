import type { DataSource } from 'typeorm';
import { inScope, type Transaction } from '../platform/database/in-scope.js';
import { taskOf } from '../domain/case/case.js';
import { lockCase, record, type CaseDeps, type LoadedCase } from '../cases/cases.store.js';

/** A move of an escalated task, still to be noted beside its escalations, which were right when they went out (A8). */
interface Due {
  moveId: string;
  taskId: string;
  requestId: string;
  from: string;
  to: string;
  version: number;
}

const PAGE = 200;
/** So many a transaction: a decision on one of their requests waits for one transaction at most. */
const TOGETHER = 10;
const AT_ONCE = 4;

type Deps = CaseDeps & { readonly db: DataSource };

/** Writes the notes that moves of deadlines have left to be written, each once by its key; until none is left. */
export async function writeNotes(deps: Deps, stopped: () => boolean): Promise<void> {
  for (let due = await nextNotes(deps.db); due.length > 0 && !stopped(); due = await nextNotes(deps.db)) {
    const batches = inBatches(due.toSorted((a, b) => (a.requestId < b.requestId ? -1 : 1)));
    for (let n = 0; n < batches.length; n += AT_ONCE) await Promise.all(batches.slice(n, n + AT_ONCE).map((one) => write(deps, one)));
  }
}

const inBatches = (due: readonly Due[]): Due[][] =>
  Array.from({ length: Math.ceil(due.length / TOGETHER) }, (_, n) => due.slice(n * TOGETHER, (n + 1) * TOGETHER));

const nextNotes = (db: DataSource): Promise<Due[]> =>
  inScope(db, 'process', (tx) =>
    tx.query<Due[]>(
      `select move_id as "moveId", task_id as "taskId", request_id as "requestId", to_char(due_from, 'YYYY-MM-DD') as from,
         to_char(due_to, 'YYYY-MM-DD') as to, calendar_version as version from deadline_note order by move_id, task_id limit ${PAGE}`,
      [],
    ),
  );

/** Under the locks of the requests, taken in the order of their ids. */
const write = (deps: Deps, notes: readonly Due[]): Promise<void> =>
  inScope(deps.db, 'process', async (tx) => {
    const ids = [...new Set(notes.map(({ requestId }) => requestId))];
    const cases = await Promise.all(ids.map((id) => lockCase(tx, id)));
    const there = cases.filter((one) => one !== undefined);
    const of = ({ request }: LoadedCase) => notes.filter(({ requestId }) => requestId === request.id);
    const written = await Promise.all(there.map((loaded) => noted(tx, deps, loaded, of(loaded))));
    await tx.query(
      'delete from deadline_note d using unnest($1::uuid[], $2::uuid[]) x (move, task) where d.move_id = x.move and d.task_id = x.task',
      [notes.map(({ moveId }) => moveId), notes.map(({ taskId }) => taskId)],
    );
    // Last of all, for everybody who notes the same move waits for this row.
    await tx.query(
      `update deadline_move m set annotated = annotated + x.n from (select id, count(*) as n from unnest($1::uuid[]) u (id) group by id) x
        where m.id = x.id`,
      [written.flat()],
    );
  });

/** The moves that were noted on a case. A task that was decided meanwhile needs no note any more. */
async function noted(tx: Transaction, deps: Deps, loaded: LoadedCase, notes: readonly Due[]): Promise<string[]> {
  const moves: string[] = [];
  for (const { moveId, taskId, from, to, version } of notes) {
    const task = taskOf(loaded.state, taskId);
    const key = `deadlineMoved:${taskId}:${moveId}`;
    if (!task || loaded.acts.some((act) => act.key === key)) continue;
    const { step, visit } = task;
    const act = { kind: 'deadlineMoved', taskId, step, visit, dueFrom: from, dueTo: to, calendarVersion: version } as const;
    loaded = await record(tx, deps, loaded, act, { key });
    moves.push(moveId);
  }
  return moves;
}
