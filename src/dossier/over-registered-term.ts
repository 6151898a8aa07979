import type { Transaction } from '../platform/database/in-scope.js';
import { coversTerm } from '../domain/terms/school-term.js';

/** Whether the student is registered in a term that a suspension or a withdrawal would cover (A20). A school may have done so since. */
export async function isOverRegisteredTerm(tx: Transaction, studentId: string, from: string, until?: string): Promise<boolean> {
  const terms = await tx.query<{ firstDay: string; dueDate: string }[]>(
    `select to_char(first_day, 'YYYY-MM-DD') as "firstDay", to_char(due_date, 'YYYY-MM-DD') as "dueDate" from term_registration
      where student_id = $1 and retracted_at is null`,
    [studentId],
  );
  return terms.some((term) => coversTerm(term, from, until));
}
