import type { DataSource } from 'typeorm';
import { inScope } from '../database/in-scope.js';
import { taskOf } from '../domain/case.js';
import { lockCase, record, type CaseDeps } from '../requests/case-store.js';

/** A move of a task that was escalated before, still to be noted beside its escalations: they were right when they went out (A8). */
interface Due {
  moveId: string;
  taskId: string;
  requestId: string;
  from: string;
  to: string;
  version: number;
}

const PAGE = 200;
const AT_ONCE = 8;

/** Writes the notes that moves of deadlines have left to be written, several at a time, each once by its key; until none is left. */
export async function writeNotes(deps: CaseDeps & { readonly db: DataSource }, stopped: () => boolean): Promise<void> {
  for (let due = await nextNotes(deps.db); due.length > 0 && !stopped(); due = await nextNotes(deps.db))
    for (let n = 0; n < due.length; n += AT_ONCE) await Promise.all(due.slice(n, n + AT_ONCE).map((one) => write(deps, one)));
}

const nextNotes = (db: DataSource): Promise<Due[]> =>
  inScope(db, 'process', (tx) =>
    tx.query<Due[]>(
      `select move_id as "moveId", task_id as "taskId", request_id as "requestId", to_char(due_from, 'YYYY-MM-DD') as from,
         to_char(due_to, 'YYYY-MM-DD') as to, calendar_version as version from deadline_note order by move_id, task_id limit ${PAGE}`,
      [],
    ),
  );

/** Under the request's lock. A task that was decided meanwhile needs no note any more. */
const write = (deps: CaseDeps & { readonly db: DataSource }, { moveId, taskId, requestId, from, to, version }: Due): Promise<void> =>
  inScope(deps.db, 'process', async (tx) => {
    const loaded = await lockCase(tx, requestId);
    const task = loaded && taskOf(loaded.state, taskId);
    const key = `deadlineMoved:${taskId}:${moveId}`;
    await tx.query('delete from deadline_note where move_id = $1 and task_id = $2', [moveId, taskId]);
    if (!task || loaded.acts.some((act) => act.key === key)) return;
    const { step, visit } = task;
    const act = { kind: 'deadlineMoved', taskId, step, visit, dueFrom: from, dueTo: to, calendarVersion: version } as const;
    await record(tx, deps, loaded, act, { key });
    await tx.query('update deadline_move set annotated = annotated + 1 where id = $1', [moveId]);
  });
