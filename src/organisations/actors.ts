import type { Transaction } from '../platform/database/in-scope.js';
import type { ActorView } from './actors.dto.js';
import { ORGANISATION_NAME } from './organisations.store.js';

/** The actor of an act (alias `a`), as answers show it, with the joins that it needs. */
export const ACTOR = `jsonb_build_object('personId', ap.id, 'displayName', ap.display_name, 'office', a.office,
  'organisation', ${ORGANISATION_NAME('ao')},
  'head', case when ah.id is null then null else jsonb_build_object('id', ah.id, 'displayName', ah.display_name) end)`;
export const ACTOR_JOINS = `join person ap on ap.id = a.person_id join organisation ao on ao.id = a.organisation_id left join head ah
  on ah.id = a.head_id`;

/** Who did each act of a stream, by sequence; nobody for those of the process. */
export async function actorsOf(tx: Transaction, streamId: string): Promise<Map<number, ActorView>> {
  const rows = await tx.query<{ seq: number; by: ActorView }[]>(
    `select a.seq, ${ACTOR} as by from act a ${ACTOR_JOINS} where a.stream_id = $1`,
    [streamId],
  );
  return new Map(rows.map((row) => [row.seq, row.by]));
}
