import type { DataSource } from 'typeorm';
import { inScope } from '../platform/database/in-scope.js';

const AT_ONCE = 2000;
/** Acts of which people are told, in streams whose other acts nobody is told of. */
const TOLD_OF = `(('student', 'resumptionReminded'), ('student', 'suspensionExpired'), ('student', 'duplicateFound'),
  ('student', 'namesakeFound'), ('student', 'dossierObjected'), ('organisation', 'proxyGranted'), ('organisation', 'proxyEnded'),
  ('organisation', 'grantProposed'), 
  ('organisation', 'admittedMissing'), ('access', 'passwordReset'), ('access', 'subjectBound'), ('access', 'limitReached'),
  ('term', 'reminded'), ('term', 'overdue'), ('term', 'retracted'), ('graduation', 'overdue'),
  ('intake', 'ending'))`;

/**
 * Gives the next acts of requests, and of other streams of which people are told, a place in the feed. True when there may be more.
 * An act's position in the ledger is given before its transaction commits, so a lower one may appear after a higher. A reader that went by
 * positions would miss it.
 * The relay's row is locked, so its transactions follow one another. Acts of one request keep their order, because an act is not visible
 * before the one it follows.
 */
export const relayActs = (db: DataSource): Promise<boolean> =>
  inScope(db, 'system', async (tx) => {
    const [{ settled }] = await tx.query<[{ settled: string }]>('select settled from event_relay for update');
    const [{ n }] = await tx.query<[{ n: number }]>(
      `with fresh as (
         select stream_id, seq, position from act a where position > $1 and (stream in ('request', 'order') or (stream, kind) in ${TOLD_OF})
           and not exists (select 1 from event e where e.stream_id = a.stream_id and e.seq = a.seq) order by position limit $2
       ), placed as (insert into event (stream_id, seq, position) select stream_id, seq, position from fresh order by position returning 1)
       select count(*)::int as n from placed`,
      [settled, AT_ONCE],
    );
    if (n < AT_ONCE) await tx.query(SETTLE);
    return n === AT_ONCE;
  });

/**
 * What was the highest position when no transaction of that time is open any more is settled: nothing below it is still to come. The
 * candidate is kept until then, and a new one is taken. Whoever writes an act holds its stream's row lock, so its transaction has had its
 * number since before the act's position was given.
 */
const SETTLE = `
  update event_relay set settled = candidate, candidate = (select coalesce(max(position), 0) from act),
    candidate_xid = pg_snapshot_xmax(pg_current_snapshot())
  where candidate_xid <= pg_snapshot_xmin(pg_current_snapshot()) and (settled < candidate or candidate < (select coalesce(max(position), 0)
    from act))`;
