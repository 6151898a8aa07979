import type { DataSource } from 'typeorm';
import type { Clock } from '../platform/clock.js';
import { USED } from '../platform/access/rate-limit.js';
import { DRAFT_DAYS } from '../drafts/drafts.service.js';
import { inScope } from '../platform/database/in-scope.js';

const DAY = 24 * 3_600_000;
/** Terms of what is kept for a time only, in days. docs/deploy.md tells operators. */
const TERMS = { keys: 30, deliveries: 30, failures: 1, reads: 1096, readNotifications: 180, letters: 180, jobs: 7, signIns: 180 } as const;

/** Rows a transaction: it ends long before the time limit of a statement, and nobody waits for it. */
const BATCH = 2000;
/** Batches of one table in a pass. The next pass removes the rest, so that one table's backlog does not hold up the others. */
const BATCHES = 25;

/** What has outlived its term in a table; $1 is the instant before which it has. */
interface Outdated {
  readonly table: string;
  readonly condition: string;
  readonly days: number;
}

const OUTDATED: readonly Outdated[] = [
  { table: 'idempotency', condition: 'created_at < $1', days: TERMS.keys },
  { table: 'session', condition: 'expires_at < $1', days: 0 },
  { table: 'student_session', condition: 'expires_at < $1', days: 0 },
  { table: 'student_sign_in', condition: 'expires_at < $1', days: TERMS.signIns },
  { table: 'verification_code', condition: 'expires_at < $1', days: TERMS.reads },
  { table: 'verification_use', condition: 'at < $1', days: TERMS.reads },
  { table: 'sign_in_failure', condition: 'failed_at < $1', days: TERMS.failures },
  { table: 'usage', condition: `since < $1 and what <> '${USED}'`, days: TERMS.failures },
  { table: 'ended_token', condition: 'expires_at < $1', days: 0 },
  { table: 'webhook_delivery', condition: 'at < $1', days: TERMS.deliveries },
  { table: 'notification', condition: 'read_at < $1', days: TERMS.readNotifications },
  { table: 'draft', condition: 'saved_at < $1', days: DRAFT_DAYS },
  { table: 'job', condition: 'ended_at < $1', days: TERMS.jobs },
  { table: 'mail', condition: `created_at < $1 and state <> 'pending'`, days: TERMS.letters },
];

/** Each asks for the instant and for how many at most. */
export const REMOVALS = [
  ...OUTDATED.map(({ table, condition, days }) => ({
    days,
    sql: `with gone as (delete from ${table} where ctid = any(array(select ctid from ${table} where ${condition} limit $2)) returning 1)
      select count(*)::int as n from gone`,
  })),
  { days: TERMS.reads, sql: 'select forget_dossier_access($1, $2) as n' },
];

/**
 * Removes what is kept for a time only, in batches with a transaction each; true when more is left for the next pass. Unread notifications
 * stay. The database itself keeps for three years which students somebody has read of.
 */
export async function removeOutdated(db: DataSource, clock: Clock, batch = BATCH): Promise<boolean> {
  const now = clock.now();
  let more = false;
  for (const { days, sql } of REMOVALS) {
    const remove = (): Promise<number> =>
      inScope(db, 'system', async (tx) => {
        const [{ n }] = await tx.query<[{ n: number }]>(sql, [new Date(now - days * DAY), batch]);
        return n;
      });
    let full = true;
    for (let nth = 0; full && nth < BATCHES; nth += 1) full = (await remove()) === batch;
    more ||= full;
  }
  return more;
}
