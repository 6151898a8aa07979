import { createHash } from 'node:crypto';
import type { DataSource } from 'typeorm';
import type { Clock } from '../clock.js';
import type { FieldCipher } from '../database/field-cipher.js';
import { inScope, type Transaction } from '../database/in-scope.js';
import { LOCKS } from '../database/locks.js';
import { lastAnchor, writeAnchor, type Checkpoint, type Covered } from './anchors.js';
import { canonical } from './chain.js';

const PAGE = 5000;

/** The checkpoint before the first. */
export const NONE: Previous = { number: 0, position: '0', acts: '0', digest: '' };
export type Previous = Pick<Checkpoint, 'number' | 'position' | 'acts' | 'digest'>;

/** The checkpoint that follows another at a position: over the acts between, and over what it says of itself. */
export async function checkpointAfter(
  tx: Transaction,
  previous: Previous,
  { number, position, at }: Pick<Checkpoint, 'number' | 'position' | 'at'>,
): Promise<Checkpoint> {
  const digest = createHash('sha256').update(Buffer.from(previous.digest, 'hex'));
  let count = BigInt(previous.acts);
  for (let from = previous.position; ;) {
    const rows: { position: string; hash: Buffer }[] = await tx.query(
      'select position, hash from act where position > $1 and position <= $2 order by position limit $3',
      [from, position, PAGE],
    );
    for (const { hash } of rows) digest.update(hash);
    count += BigInt(rows.length);
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) break;
    from = last.position;
  }
  const covered: Covered = { number, position, acts: String(count), at };
  return { ...covered, digest: digest.update(canonical(covered)).digest('hex') };
}

/** The next checkpoint ends where no act is still to come below: as far as the relay of events has seen every earlier transaction end. */
const UP_TO = `select max(position) as position from act where position > $1 and position <= (select settled from event_relay)`;
const LAST = `
  select h.seq as number, coalesce(c.position, 0)::text as position, coalesce(c.acts, 0)::text as acts,
    coalesce(encode(c.digest, 'hex'), '') as digest
  from stream_head h left join lateral (select position, acts, digest from ledger_checkpoint order by position desc limit 1) c on true
  where h.stream = 'checkpoint' and h.stream_id = '00000000-0000-0000-0000-000000000000'`;
const ENTER = `insert into ledger_checkpoint (number, position, acts, digest, at) values ($1,$2,$3,decode($4, 'hex'),$5)`;

/**
 * Makes a checkpoint over all chains, anchored in a file outside the database. The anchor is on the disk before the checkpoint is
 * committed, so no checkpoint is ever without one. Where the process died between the two, the next pass makes the same checkpoint again
 * from the anchor and the acts, which must agree. Anchors that were cut off are not written again: that would hide it.
 */
export const checkpoint = (db: DataSource, cipher: FieldCipher, anchorFile: string, clock: Clock): Promise<Checkpoint | undefined> =>
  inScope(db, 'system', async (tx) => {
    await tx.query('select pg_advisory_xact_lock($1)', [LOCKS.checkpoint]);
    const [last = NONE] = await tx.query<Previous[]>(LAST);
    const anchored = await leftBehind(tx, last, await lastAnchor(anchorFile, cipher));
    const made = anchored ?? (await next(tx, last, clock));
    if (!made) return undefined;
    const { number, position, acts, digest, at } = made;
    if (!anchored) await writeAnchor(anchorFile, cipher, made);
    await tx.query(ENTER, [number, position, acts, digest, at]);
    return made;
  });

/** The anchor whose checkpoint was never committed, if the acts still say the same. */
async function leftBehind(tx: Transaction, last: Previous, anchor: Checkpoint | undefined): Promise<Checkpoint | undefined> {
  if (anchor?.number !== last.number + 1) return undefined;
  const again = await checkpointAfter(tx, last, anchor);
  return again.digest === anchor.digest ? anchor : undefined;
}

async function next(tx: Transaction, last: Previous, clock: Clock): Promise<Checkpoint | undefined> {
  const [upTo] = await tx.query<{ position: string | null }[]>(UP_TO, [last.position]);
  if (!upTo?.position) return undefined;
  return checkpointAfter(tx, last, { number: last.number + 1, position: upTo.position, at: new Date(clock.now()).toISOString() });
}
