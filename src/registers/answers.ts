import type { CaseDeps } from '../cases/cases.store.js';
import type { OtherRegister, RegisterAnswer } from '../domain/dossier/other-registers.js';
import { dateOf } from '../domain/working-days.js';
import { freeOf } from '../dossier/disputes/freeing.js';
import { registerReady } from '../dossier/registering.js';
import { MENDED } from '../identity/identity-checks.js';
import type { Transaction } from '../platform/database/in-scope.js';
import { appendNext } from '../platform/ledger/streams.js';

export interface Answered {
  readonly studentId: string;
  readonly answer: RegisterAnswer;
}

interface Before {
  readonly studentId: string;
  readonly answer: 'none' | 'held' | null;
  readonly holding: string | null;
  /** The registration that is on its way, if one is. */
  readonly registrationId: string | null;
}

const BEFORE = `
  select c.student_id as "studentId", c.answer, c.holding, (select g.id from registration g join enrolment e on e.id = g.enrolment_id
    and e.state in ('heldDuplicate', 'pending') where g.student_id = c.student_id and g.registered_at is null limit 1) as "registrationId"
  from register_check c where c.register = $1 and c.student_id = any($2::uuid[]) order by c.student_id for update of c`;

/** Nobody else holds the person, so far as was answered. */
const HELD_BY_NONE = `not exists (select 1 from register_check c join other_register r using (register)
  where c.student_id = g.student_id and c.answer = 'held' and c.settled_by is null)`;

/**
 * Keeps what a register said. Whom it holds is not registered for now (Art 8, R-08). Whom no register holds any more is free of that
 * finding. Who only waited for the answers is registered. A new answer that matters is an act of the student.
 */
export async function noteAnswers(tx: Transaction, deps: CaseDeps, register: OtherRegister, said: readonly Answered[]): Promise<void> {
  if (said.length === 0) return;
  const ids = said.map(({ studentId }) => studentId).sort();
  await tx.query('select 1 from student where id = any($1::uuid[]) order by id for update', [ids]);
  const before = new Map((await tx.query<Before[]>(BEFORE, [register, ids])).map((row) => [row.studentId, row]));
  await keep(tx, deps, register, said, before);
  const news = said.filter(({ studentId, answer }) => isNews(before.get(studentId), answer));
  for (const { studentId, answer } of news.toSorted((a, b) => (a.studentId < b.studentId ? -1 : 1)))
    await tell(tx, deps, register, { studentId, answer, registrationId: before.get(studentId)?.registrationId ?? null });
  await registerReady(tx, deps, ids);
}

const holdingOf = (answer: RegisterAnswer): string | null => (answer.answer === 'held' ? answer.holding : null);

/** That a register holds nobody is no news where it was never said otherwise. */
const isNews = (before: Before | undefined, answer: RegisterAnswer): boolean => holdingOf(answer) !== (before?.holding ?? null);

/** A registration that is held for it is asked about again in some hours, because registers are mended. */
const keep = (
  tx: Transaction,
  { clock }: CaseDeps,
  register: OtherRegister,
  said: readonly Answered[],
  before: ReadonlyMap<string, Before>,
): Promise<unknown> => {
  const now = clock.now();
  const rows = said.map(({ studentId, answer }) => ({
    id: studentId,
    answer: answer.answer,
    holding: holdingOf(answer),
    due: answer.answer === 'held' && before.get(studentId)?.registrationId ? new Date(now + MENDED) : null,
  }));
  return tx.query(
    `update register_check c set answer = n.answer, holding = n.holding, due_at = n.due, attempts = 0, answered_at = $3
     from jsonb_to_recordset($2::jsonb) as n (id uuid, answer text, holding text, due timestamptz)
     where c.register = $1 and c.student_id = n.id`,
    [register, JSON.stringify(rows), new Date(now)],
  );
};

async function tell(
  tx: Transaction,
  deps: CaseDeps,
  register: OtherRegister,
  { studentId, answer, registrationId }: Answered & { readonly registrationId: string | null },
): Promise<void> {
  const now = new Date(deps.clock.now());
  if (registrationId) await (answer.answer === 'held' ? hold(tx, registrationId, now) : release(tx, deps, registrationId));
  await tx.query('update student set changed_at = $2 where id = $1', [studentId, now]);
  await appendNext(tx, deps, 'student', studentId, {
    kind: 'registerAnswered',
    body: { register, answer: answer.answer, holding: holdingOf(answer), registrationId },
  });
}

async function hold(tx: Transaction, registrationId: string, now: Date): Promise<void> {
  await tx.query(
    `update registration set findings = findings || '{otherRegister}'::text[] where id = $1 and not 'otherRegister' = any(findings)`,
    [registrationId],
  );
  await tx.query(
    `update enrolment e set state = 'heldDuplicate', since = greatest(e.since, $2::date), changed_at = $3, changed_by = null
     from registration g where g.id = $1 and e.id = g.enrolment_id and e.state = 'pending'`,
    [registrationId, dateOf(now.getTime()), now],
  );
}

async function release(tx: Transaction, deps: CaseDeps, registrationId: string): Promise<void> {
  const [free]: unknown[] = await tx.query(`select 1 from registration g where g.id = $1 and ${HELD_BY_NONE}`, [registrationId]);
  if (free) await freeOf(tx, deps, [registrationId], ['otherRegister']);
}
