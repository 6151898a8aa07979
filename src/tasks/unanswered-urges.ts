import type { Transaction } from '../platform/database/in-scope.js';
import { taskOf } from '../domain/case/case.js';
import { lockCase, record } from '../cases/cases.store.js';
import { SILENCES_AT_ONCE, noteSilences, type SilenceDeps } from '../cases/silences.js';

interface Unanswered {
  requestId: string;
  seq: number;
  taskId: string;
  answerBy: string;
}

/** Urges whose day of answer passed before a day ($1), while their task is open, and of which the superior was not told. */
const UNANSWERED = `
  select u.request_id as "requestId", u.seq, u.task_id as "taskId", to_char(u.answer_by, 'YYYY-MM-DD') as "answerBy"
  from urge u join task t on t.id = u.task_id and t.state = 'open'
  where u.answered_at is null and u.answer_by < $1::date
    and not exists (select 1 from act a where a.stream_id = u.request_id and a.key = 'urgeUnanswered:' || u.seq)
  order by u.answer_by, u.request_id, u.seq limit ${SILENCES_AT_ONCE}`;

/**
 * Tells the superior once that an urge 督办 was not answered by its day; the task stays with its holder (A4). True when there may be more.
 */
export const tellOfUnansweredUrges = (deps: SilenceDeps): Promise<boolean> =>
  noteSilences<Unanswered>(deps, UNANSWERED, (tx, one) => note(tx, deps, one));

/** Under the request's lock: who answered or decided meanwhile was in time. */
async function note(tx: Transaction, deps: SilenceDeps, { requestId, seq, taskId, answerBy }: Unanswered): Promise<void> {
  const loaded = await lockCase(tx, requestId);
  const task = loaded && taskOf(loaded.state, taskId);
  const key = `urgeUnanswered:${seq}`;
  const answered = loaded?.acts.some((act) => act.kind === 'urgeAnswered' && (act.body as { urgeSeq?: number }).urgeSeq === seq) ?? true;
  if (!loaded || !task || answered || loaded.acts.some((act) => act.key === key)) return;
  await record(tx, deps, loaded, { kind: 'urgeUnanswered', taskId, step: task.step, urgeSeq: seq, answerBy }, { key });
}
