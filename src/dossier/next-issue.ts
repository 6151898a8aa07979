import type { Transaction } from '../platform/database/in-scope.js';

/** A number used once, of which provisional numbers and codes are made. */
export async function nextIssue(tx: Transaction): Promise<number> {
  const [row] = await tx.query<{ n: string }[]>(`select nextval('student_number_issue') as n`);
  return Number(row?.n);
}
