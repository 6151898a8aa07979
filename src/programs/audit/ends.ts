import type { DataSource } from 'typeorm';
import { inScope } from '../../platform/database/in-scope.js';
import { ROWS_AT_ONCE, BEFORE_ALL_IDS, type Report } from './report.js';

/** A head beside the last act of its stream. The head of the checkpoints has the nil id, which none is after. */
const HEADS = `
  select h.stream_id as id, h.stream, h.seq, a.seq as last, a.hash = h.hash as same from (
    select * from stream_head where stream_id > $1 order by stream_id limit $2) h
    left join lateral (select seq, hash from act where stream_id = h.stream_id order by seq desc limit 1) a on true
  order by h.stream_id`;

/** Rows that know their last act themselves. */
const OWNERS = [
  ['request', 'change_request'],
  ['order', 'supervision_order'],
  ['irregularity', 'irregularity'],
  ['term', 'school_term'],
  ['graduation', 'graduation'],
  ['intake', 'intake'],
  ['import', 'import'],
] as const;

/** Every stream ends with the act that its head names, so an act cut off at the end is missed before a checkpoint covers it. */
export async function verifyEnds(db: DataSource, report: Report): Promise<void> {
  for (let after = BEFORE_ALL_IDS; ;) {
    const rows = await inScope(db, 'system', (tx) =>
      tx.query<{ id: string; stream: string; seq: number; last: number | null; same: boolean | null }[]>(HEADS, [after, ROWS_AT_ONCE]),
    );
    for (const { id, stream, seq, last, same } of rows)
      if (last !== seq) report(`${stream} ${id}: its chain does not end with act ${seq}, which its head names`);
      else if (!same) report(`${stream} ${id} act ${seq}: its hash is not the one that the head of the stream has`);
    const end = rows.at(-1);
    if (!end || rows.length < ROWS_AT_ONCE) break;
    after = end.id;
  }
  for (const [what, table] of OWNERS) await verifyOwners(db, what, table, report);
  await verifyFeed(db, report);
}

async function verifyOwners(db: DataSource, what: string, table: string, report: Report): Promise<void> {
  for (let after = BEFORE_ALL_IDS; ;) {
    const rows = await inScope(db, 'system', (tx) =>
      tx.query<{ id: string; last: number; whole: boolean }[]>(
        `select id, last_seq as last, last_seq = (select coalesce(max(seq), 0) from act a where a.stream_id = owner.id) as whole
           from ${table} owner where id > $1 order by id limit $2`,
        [after, ROWS_AT_ONCE],
      ),
    );
    for (const { id, last, whole } of rows) if (!whole) report(`${what} ${id}: its chain does not end with act ${last}`);
    const end = rows.at(-1);
    if (!end || rows.length < ROWS_AT_ONCE) return;
    after = end.id;
  }
}

/** The feed of events names acts, each by its place in the ledger. */
async function verifyFeed(db: DataSource, report: Report): Promise<void> {
  for (let after = '0'; ;) {
    const rows = await inScope(db, 'system', (tx) =>
      tx.query<{ id: string; streamId: string; seq: number; stands: boolean }[]>(
        `select e.id, e.stream_id as "streamId", e.seq, exists (select 1 from act a where a.stream_id = e.stream_id and a.seq = e.seq
           and a.position = e.position) as stands
         from event e where e.id > $1 order by e.id limit $2`,
        [after, ROWS_AT_ONCE],
      ),
    );
    for (const { id, streamId, seq, stands } of rows)
      if (!stands) report(`event ${id}: act ${seq} of stream ${streamId}, which it tells of, is not in its place`);
    const end = rows.at(-1);
    if (!end || rows.length < ROWS_AT_ONCE) return;
    after = end.id;
  }
}
