import type { Transaction } from '../platform/database/in-scope.js';
import { byKey, together } from '../platform/database/together.js';
import type { Level } from '../domain/offices.js';
import { dateOf, type PlainDate } from '../domain/working-days.js';

interface Row {
  key: string;
  id: string;
  level: Level;
  closed: boolean;
  successorId: string | null;
  actingId: string | null;
  ladder: string[];
}

/**
 * The organisation that holds what another held. `ladder` is its superiors, nearest first, up to the province; a province has the nation.
 */
export interface LivingHolder {
  readonly id: string;
  readonly level: Level;
  readonly ladder: string[];
  /** The closed school for which the holder, its authority, acts (A25). */
  readonly onBehalfOf?: string;
}

/**
 * The organisation that holds what another held, on a day. Undefined when none is left.
 * 1. The organisation itself, while it lives.
 * 2. Else its last successor (mergers, Art 12).
 * 3. For a school closed without one, the authority that acts for it.
 */
export async function holderOf(tx: Transaction, organisationId: string, now: number): Promise<LivingHolder | undefined> {
  const day = dateOf(now);
  let onBehalfOf: string | undefined;
  for (let id: string | null = organisationId, steps = 0; id && steps < 10; steps += 1) {
    const row: Row | undefined = await together(tx, `standing on ${day}`, id, async (ids) => byKey(await standingOn(tx, ids, day)));
    if (!row) return undefined;
    if (!row.closed) return { id: row.id, level: row.level, ladder: row.ladder, ...(onBehalfOf ? { onBehalfOf } : {}) };
    if (!row.successorId && row.actingId) onBehalfOf ??= row.id;
    id = row.successorId ?? row.actingId;
  }
  return undefined;
}

const standingOn = (tx: Transaction, ids: readonly string[], day: PlainDate): Promise<Row[]> =>
  tx.query(
    `select o.id as key, o.id, o.level, coalesce(o.closed_on <= $2::date, false) as closed, o.successor_id as "successorId",
       o.acting_id as "actingId", array(select a.id from unnest(o.ancestors) with ordinality as u (id, nth)
         join organisation a on a.id = u.id where a.level <> 'national' or o.level = 'province' order by nth) as ladder
     from organisation o where o.id = any($1::uuid[])`,
    [ids, day],
  );

/** A school with all its successors in mergers, because a student of one may have become a student of the next (Art 12). */
export async function withSuccessors(tx: Transaction, schoolId: string): Promise<string[]> {
  const rows = await tx.query<{ id: string }[]>(
    `with recursive line (id, successor_id, nth) as (
       select id, successor_id, 1 from organisation where id = $1
       union all select o.id, o.successor_id, nth + 1 from line join organisation o on o.id = line.successor_id where nth < 10)
     select id from line order by nth`,
    [schoolId],
  );
  return rows.map(({ id }) => id);
}
