import type { Transaction } from '../database/in-scope.js';
import { dateOf } from '../domain/working-days.js';

interface Row {
  id: string;
  closed: boolean;
  successorId: string | null;
  ladder: string[];
}

/**
 * Who holds what an organisation held, on the day: itself while it lives, else its successor (mergers, Art 12), followed to the end.
 * `ladder` is its superiors, nearest first, up to the province; above a province stands the nation. Undefined when nobody lives.
 */
export async function holderOf(
  tx: Transaction,
  organisationId: string,
  now: number,
): Promise<{ id: string; ladder: string[] } | undefined> {
  for (let id: string | null = organisationId, steps = 0; id && steps < 10; steps += 1) {
    const [row] = (await tx.query(
      `select o.id, coalesce(o.closed_on <= $2::date, false) as closed, o.successor_id as "successorId",
         array(select a.id from unnest(o.ancestors) with ordinality as u (id, nth) join organisation a on a.id = u.id
               where a.level <> 'national' or o.level = 'province' order by nth) as ladder
       from organisation o where o.id = $1`,
      [id, dateOf(now)],
    )) as Row[];
    if (!row) return undefined;
    if (!row.closed) return { id: row.id, ladder: row.ladder };
    id = row.successorId;
  }
  return undefined;
}
