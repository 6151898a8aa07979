import type { Transaction } from '../platform/database/in-scope.js';
import { taskOf } from '../domain/case/case.js';
import { lockCase, record } from '../cases/cases.store.js';
import { SILENCES_AT_ONCE, noteSilences, type SilenceDeps } from '../cases/silences.js';

interface Overdue {
  id: string;
  requestId: string;
}

/** Consultations whose date passed before a day ($1) without an answer, while their task is open, and of which nobody was reminded. */
export const OVERDUE_CONSULTATIONS = `
  select c.id, c.request_id as "requestId" from consultation c join task t on t.id = c.task_id and t.state = 'open'
  where c.answered_at is null and c.due_date < $1::date
    and not exists (select 1 from act a where a.stream_id = c.request_id and a.key = 'consultationReminded:' || c.id)
  order by c.due_date, c.id limit ${SILENCES_AT_ONCE}`;

/**
 * Reminds the asked office once of an opinion whose date has passed 征求意见, from 09:00 on a working day, and tells who asked. The task
 * keeps its deadline: an opinion that does not come holds nobody up. True when there may be more.
 */
export const remindOfOpinions = (deps: SilenceDeps): Promise<boolean> =>
  noteSilences<Overdue>(deps, OVERDUE_CONSULTATIONS, (tx, one) => remind(tx, deps, one));

/** Under the request's lock: who answered or decided meanwhile was in time. */
async function remind(tx: Transaction, deps: SilenceDeps, { id, requestId }: Overdue): Promise<void> {
  const loaded = await lockCase(tx, requestId);
  const asked = loaded?.state.consultations[id];
  const key = `consultationReminded:${id}`;
  if (!loaded || !asked || asked.answered || !taskOf(loaded.state, asked.taskId) || loaded.acts.some((act) => act.key === key)) return;
  const { taskId, step, organisationId, dueDate } = asked;
  await record(tx, deps, loaded, { kind: 'consultationReminded', consultationId: id, taskId, step, organisationId, dueDate }, { key });
}
