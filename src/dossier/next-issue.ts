import type { Transaction } from '../platform/database/in-scope.js';

/** So many numbers, each used once, of which provisional numbers and codes are made. */
export async function nextIssues(tx: Transaction, many: number): Promise<number[]> {
  const rows = await tx.query<{ n: string }[]>(`select nextval('student_number_issue') as n from generate_series(1, $1::int)`, [many]);
  return rows.map(({ n }) => Number(n));
}
