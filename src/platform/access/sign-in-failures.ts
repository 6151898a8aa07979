import type { DataSource } from 'typeorm';
import { Problem } from '../http/problem.js';
import type { FieldCipher } from '../database/field-cipher.js';
import { inScope, type Transaction } from '../database/in-scope.js';

/** Failures in a row that cost nothing, because people mistype. */
export const FREE_FAILURES = 10;
const LONGEST_SECONDS = 900;
/** After so long without another failure the count begins anew. */
const FORGOTTEN_AFTER = 24 * 3_600_000;

const SECONDS = (failures: string): string =>
  `case when ${failures} < ${FREE_FAILURES} then 0 else least(${LONGEST_SECONDS}, 2 ^ least(${failures} - ${FREE_FAILURES - 1}, 20)) end`;
const FAILURES = `case when f.failed_at < $3 then 1 else f.failures + 1 end`;

/**
 * Counts the attempt as failed unless it is held back; one statement, so that attempts sent at the same time count one after another.
 * The clocks of two processes differ, so only a time that was set to hold it back does.
 */
const ATTEMPT = `
  insert into sign_in_failure as f (attempt_hash, failures, failed_at, free_at) values ($1, 1, $2, $2)
  on conflict (attempt_hash) do update set failures = ${FAILURES}, failed_at = $2, free_at = $2 + interval '1 second' *
    (${SECONDS(`(${FAILURES})`)})
  where f.failures < ${FREE_FAILURES} or f.free_at <= $2 returning failures`;

/** By the name as given, known here or not, so that nobody learns from the back-off whether it is. */
export const nameHash = (cipher: FieldCipher, username: string): Buffer => cipher.index('username', username.toLowerCase());

/** Where an attempt comes from: an address, a device that signed in under the name before, or a session of the person. */
export type Source = { readonly address: string } | { readonly device: string } | { readonly session: 'own' };

/** What is counted together: a name and a source. Nobody elsewhere holds anybody back, and a known device is held back by itself alone. */
export const attemptOf = (cipher: FieldCipher, name: Buffer, source: Source): Buffer =>
  cipher.index('signIn', JSON.stringify([name.toString('hex'), source]));

/**
 * Begins an attempt, counted over all processes of the API. After ten failures each further one blocks name and source twice as long, at
 * most a quarter of an hour. The attempt counts as failed until `forgetFailures` says otherwise.
 * @throws Problem too-many-requests while it is held back, whatever the password
 */
export async function beginAttempt(db: DataSource, hash: Buffer, now: number): Promise<void> {
  const held = await inScope(db, 'system', async (tx) => {
    const counted = await tx.query<unknown[]>(ATTEMPT, [hash, new Date(now), new Date(now - FORGOTTEN_AFTER)]);
    if (counted.length > 0) return undefined;
    const [row] = await tx.query<{ freeAt: Date }[]>('select free_at as "freeAt" from sign_in_failure where attempt_hash = $1', [hash]);
    return row?.freeAt.getTime() ?? now;
  });
  if (held !== undefined) throw new Problem('too-many-requests', { retryAfterSeconds: Math.max(1, Math.ceil((held - now) / 1000)) });
}

/** The password was right. */
export const forgetFailures = (tx: Transaction, hash: Buffer): Promise<unknown> =>
  tx.query('delete from sign_in_failure where attempt_hash = $1', [hash]);
