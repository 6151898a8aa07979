import type { Transaction } from '../database/in-scope.js';
import { dateOf } from '../../domain/working-days.js';

/** The id of an organisation's head 负责人 (A18) on a date, as SQL; each argument is an expression. */
export const HEAD_ON = (organisation: string, date: string): string =>
  `(select h.id from head h where h.organisation_id = ${organisation} and h.held_from <= ${date} and (h.held_to is null
    or h.held_to >= ${date}) order by h.held_from desc limit 1)`;

/** Who heads an organisation on the day of an instant (epoch milliseconds); null when nobody is recorded. */
export async function headOn(tx: Transaction, organisationId: string, now: number): Promise<string | null> {
  const [row] = await tx.query<{ id: string | null }[]>(`select ${HEAD_ON('$1', '$2::date')} as id`, [organisationId, dateOf(now)]);
  return row?.id ?? null;
}
