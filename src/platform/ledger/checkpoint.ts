import { createHash } from 'node:crypto';
import { appendFile, mkdir, readFile } from 'node:fs/promises';
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

/** The next checkpoint ends where no act is still to come below: as far as the relay of events has seen every earlier transaction end. */
const UP_TO = `select max(position) as position from act where position > $1 and position <= (select settled from event_relay)`;

/**
 * Makes a checkpoint over all chains and anchors it in a file outside the database. Earlier checkpoints that an interruption left without
 * an anchor are anchored too.
 */
export async function checkpoint(db: DataSource, anchorFile: string, clock: Clock): Promise<Checkpoint | undefined> {
  const made = await inScope(db, 'system', async (tx) => {
    await tx.query('select pg_advisory_xact_lock($1)', [LOCKS.checkpoint]);
    const [last] = (await tx.query('select position, acts, digest from ledger_checkpoint order by position desc limit 1')) as {
      position: string;
      acts: string;
      digest: Buffer;
    }[];
    const [upTo] = (await tx.query(UP_TO, [last?.position ?? '0'])) as { position: string | null }[];
    if (!upTo?.position) return undefined;
    const { digest, acts } = await digestBetween(tx, last?.digest ?? Buffer.alloc(32), last?.position ?? '0', upTo.position);
    const at = new Date(clock.now());
    const total = String(BigInt(last?.acts ?? 0) + BigInt(acts));
    await tx.query('insert into ledger_checkpoint (position, acts, digest, at) values ($1,$2,$3,$4)', [upTo.position, total, digest, at]);
    return { position: upTo.position, acts: total, digest: digest.toString('hex'), at: at.toISOString() };
  });
  await inScope(db, 'system', (tx) => anchor(tx, anchorFile, made));
  return made;
}

/** From where the file ends on. A file without any anchor is not filled again from the database: that would hide that it was removed. */
async function anchor(tx: Transaction, file: string, made: Checkpoint | undefined): Promise<void> {
  await tx.query('select pg_advisory_xact_lock($1)', [LOCKS.checkpoint]);
  const text = await readFile(file, 'utf8').catch(() => '');
  const end = text.trimEnd().split('\n').at(-1);
  const missing = end ? await after(tx, (JSON.parse(end) as Checkpoint).position) : made ? [made] : [];
  if (missing.length === 0) return;
  await mkdir(path.dirname(file), { recursive: true });
  await appendFile(file, missing.map((one) => `${JSON.stringify(one)}\n`).join(''));
}

const after = (tx: Transaction, position: string): Promise<Checkpoint[]> =>
  tx.query<Checkpoint[]>(
    `select position, acts, encode(digest, 'hex') as digest, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at
     from ledger_checkpoint where position > $1 order by position`,
    [position],
  );
