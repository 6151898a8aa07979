import type { DataSource } from 'typeorm';
import type { Clock } from '../platform/clock.js';
import { inScope } from '../platform/database/in-scope.js';

const DAY = 24 * 3_600_000;
const KEYS_KEPT = 30 * DAY;
const READS_KEPT = 1096 * DAY;

/** Records of reads removed in one hour, at most. */
const READS_AT_ONCE = 50_000;

/**
 * Removes what is kept for a time only:
 * 1. Idempotency keys with their answers, after 30 days.
 * 2. Sessions and ended tokens that have expired.
 * 3. The log of webhooks.
 * 4. Records of reads, which the database itself keeps for three years.
 */
export const removeOutdated = (db: DataSource, clock: Clock): Promise<void> =>
  inScope(db, 'system', async (tx) => {
    const now = clock.now();
    await tx.query('delete from idempotency where created_at < $1', [new Date(now - KEYS_KEPT)]);
    await tx.query('delete from session where expires_at < $1', [new Date(now)]);
    await tx.query('delete from sign_in_failure where failed_at < $1', [new Date(now - DAY)]);
    await tx.query('delete from person_rate where minute < $1', [new Date(now - DAY)]);
    await tx.query('delete from ended_token where expires_at < $1', [new Date(now)]);
    await tx.query('delete from webhook_delivery where at < $1', [new Date(now - KEYS_KEPT)]);
    await tx.query('select forget_dossier_access($1, $2)', [new Date(now - READS_KEPT), READS_AT_ONCE]);
  });
