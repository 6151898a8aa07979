import { createHash } from 'node:crypto';
import { appendFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { DataSource } from 'typeorm';
import type { Clock } from '../clock.js';
import { inScope, type Transaction } from '../database/in-scope.js';
import { LOCKS } from '../database/locks.js';

/** A digest over the hashes of all acts up to a position, chained to the checkpoint before it. */
export interface Checkpoint {
  readonly position: string;
  readonly acts: string;
  readonly digest: string;
  readonly at: string;
}

const PAGE = 5000;

/** The digest of the acts in (after, upTo], chained to `previous`, and how many they were. */
export async function digestBetween(
  tx: Transaction,
  previous: Buffer,
  after: string,
  upTo: string,
): Promise<{ digest: Buffer; acts: number }> {
  const digest = createHash('sha256').update(previous);
  let acts = 0;
  for (let from = after; ;) {
    const rows: { position: string; hash: Buffer }[] = await tx.query(
      'select position, hash from act where position > $1 and position <= $2 order by position limit $3',
      [from, upTo, PAGE],
    );
    for (const { hash } of rows) digest.update(hash);
    acts += rows.length;
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return { digest: digest.digest(), acts };
    from = last.position;
  }
}

/**
 * Makes a checkpoint over all chains and anchors it in a file outside the database. Acts of the last minute wait for the next one:
 * a transaction that is still open may hold a lower position (statements are bounded to seconds).
 */
export async function checkpoint(db: DataSource, anchorFile: string, clock: Clock): Promise<Checkpoint | undefined> {
  const made = await inScope(db, 'system', async (tx) => {
    await tx.query('select pg_advisory_xact_lock($1)', [LOCKS.checkpoint]);
    const [last] = (await tx.query('select position, acts, digest from ledger_checkpoint order by position desc limit 1')) as {
      position: string;
      acts: string;
      digest: Buffer;
    }[];
    const [upTo] = (await tx.query(`select max(position) as position from act where position > $1 and at < $2`, [
      last?.position ?? '0',
      new Date(clock.now() - 60_000),
    ])) as { position: string | null }[];
    if (!upTo?.position) return undefined;
    const { digest, acts } = await digestBetween(tx, last?.digest ?? Buffer.alloc(32), last?.position ?? '0', upTo.position);
    const at = new Date(clock.now());
    const total = String(BigInt(last?.acts ?? 0) + BigInt(acts));
    await tx.query('insert into ledger_checkpoint (position, acts, digest, at) values ($1,$2,$3,$4)', [upTo.position, total, digest, at]);
    return { position: upTo.position, acts: total, digest: digest.toString('hex'), at: at.toISOString() };
  });
  if (!made) return undefined;
  await mkdir(path.dirname(anchorFile), { recursive: true });
  await appendFile(anchorFile, `${JSON.stringify(made)}\n`);
  return made;
}
