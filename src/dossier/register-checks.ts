import type { Transaction } from '../platform/database/in-scope.js';

/**
 * Has every register that is set up asked about students, from now on. They are new, or their dossier goes on, or their identity was put
 * right. What was said of them before is over.
 */
export const askRegistersAbout = (tx: Transaction, studentIds: readonly string[], dueAt: Date): Promise<unknown> =>
  tx.query(
    `insert into register_check (student_id, register, due_at)
     select s, r.register, $2 from unnest($1::uuid[]) s cross join other_register r
     on conflict (student_id, register) do update set due_at = excluded.due_at, attempts = 0, answer = null, holding = null,
       answered_at = null, settled_by = null`,
    [studentIds, dueAt],
  );

/** A register that is set up has not answered about student `s` yet: the registration waits, and is refused by nobody. */
export const UNANSWERED = (student: string): string => `exists (select 1 from register_check c join other_register r using (register)
  where c.student_id = ${student} and c.answer is null)`;

/** The authority registers a student beside what registers hold: it has judged the proof (Art 11). */
export const settleRegisters = (tx: Transaction, studentId: string, requestId: string): Promise<unknown> =>
  tx.query(`update register_check set settled_by = $2, due_at = null where student_id = $1 and answer = 'held'`, [studentId, requestId]);
