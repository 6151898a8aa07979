import type { DataSource } from 'typeorm';
import type { FieldCipher } from '../../platform/database/field-cipher.js';
import { inSnapshot, type Transaction } from '../../platform/database/in-scope.js';
import { readAnchors, type Checkpoint } from '../../platform/ledger/anchors.js';
import { checkpointAfter, NONE, type Previous } from '../../platform/ledger/checkpoint.js';
import type { Report } from './report.js';

/** A checkpoint is made every five minutes; so old an act is covered by one. */
const COVERED_WITHIN = 10 * 60_000;

const MADE = `
  select number, position::text as position, acts::text as acts, encode(digest, 'hex') as digest,
    to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at from ledger_checkpoint order by number`;
const HEAD = `select seq as number, encode(hash, 'hex') as digest from stream_head where stream = 'checkpoint'`;
/**
 * The first act after a position, if it is old. Acts behind it were written later, whatever their own time: the demonstration's seed dates
 * some back. No act of an open transaction is older than the relay has settled.
 */
const UNCOVERED = `
  select stream, stream_id as "streamId", seq from (
    select stream, stream_id, seq, at from act where position > $1 order by position limit 1) first where at < $2`;
const BETWEEN = `
  select stream || ' ' || stream_id as name, min(seq) as "from", max(seq) as "to" from (
    select stream, stream_id, seq from act where position > $1 and position <= $2 order by position limit 1000) a
  group by 1 order by 1 limit 20`;

/**
 * Every checkpoint is the digest of its acts and of what it says of itself. None is missing, and each has its anchor outside the database.
 * Anchors are read before the checkpoints and again after them, because both go on being made: a checkpoint's anchor is there first.
 */
export async function verifyCheckpoints(
  db: DataSource,
  cipher: FieldCipher,
  file: string,
  now: number,
  report: Report,
): Promise<{ checkpoints: number; anchors: number }> {
  const before = await readAnchors(file, cipher);
  const made = await inSnapshot(db, (tx) => verifyMade(tx, now, report));
  const anchors = await readAnchors(file, cipher);
  anchors.forEach((anchor, nth) => anchor ?? report(`anchors line ${nth + 1}: it is not readable, or this system did not write it`));
  const count = before.filter(Boolean).length;
  await verifyAnchors(db, { made, anchors, count, now }, report);
  if (made.length > 0 && anchors.length === 0) report(`anchors: ${file} holds none, of ${made.length} checkpoints`);
  return { checkpoints: made.length, anchors: anchors.filter(Boolean).length };
}

async function verifyMade(tx: Transaction, now: number, report: Report): Promise<Checkpoint[]> {
  const made = await tx.query<Checkpoint[]>(MADE);
  const [head] = await tx.query<Pick<Checkpoint, 'number' | 'digest'>[]>(HEAD);
  let previous: Previous = NONE;
  for (const one of made) {
    for (let missing = previous.number + 1; missing < one.number; missing += 1) report(`checkpoint ${missing}: it was removed`);
    const { acts, digest } = await checkpointAfter(tx, previous, one);
    if (acts !== one.acts) report(`checkpoint ${one.number}: it counts ${one.acts} acts, and there are ${acts}`);
    else if (digest !== one.digest) {
      const among = await namesOf(tx, previous.position, one.position);
      report(`checkpoint ${one.number}: an act before it was changed, removed or added later, or its own time was, among ${among}`);
    }
    previous = one;
  }
  if ((head?.number ?? 0) !== previous.number)
    report(`checkpoint ${head?.number ?? 'head'}: it is missing; the last one there is ${previous.number}`);
  else if (head && head.digest !== previous.digest) report(`checkpoint ${head.number}: its digest is not the one that its head has`);
  const [late] = await tx.query<{ stream: string; streamId: string; seq: number }[]>(UNCOVERED, [
    previous.position,
    new Date(now - COVERED_WITHIN),
  ]);
  if (late) report(`${late.stream} ${late.streamId} act ${late.seq}: it is older than ten minutes, and no checkpoint covers it`);
  return made;
}

/** The streams with acts between two positions, so that a fault over all of them has a place; twenty at most. */
async function namesOf(tx: Transaction, after: string, upTo: string): Promise<string> {
  const rows = await tx.query<{ name: string; from: number; to: number }[]>(BETWEEN, [after, upTo]);
  const names = rows.map(({ name, from, to }) => `${name} act ${from === to ? from : `${from}–${to}`}`);
  return `positions ${BigInt(after) + 1n}–${upTo} (${names.join(', ') || 'no act is left there'}${rows.length === 20 ? ', …' : ''})`;
}

interface Found {
  readonly made: readonly Checkpoint[];
  /** Of the lines that were there before the checkpoints were read. */
  readonly count: number;
  readonly anchors: readonly (Checkpoint | undefined)[];
  readonly now: number;
}

async function verifyAnchors(db: DataSource, { made, anchors, count, now }: Found, report: Report): Promise<void> {
  const first = new Map<number, Checkpoint>();
  const byNumber = new Map(made.map((one) => [one.number, one]));
  const last = made.at(-1);
  let nth = 0;
  for (const anchor of anchors) {
    if (!anchor) continue;
    nth += 1;
    const { number } = anchor;
    const stands = first.get(number);
    if (stands) {
      if (!same(stands, anchor)) report(`anchor ${number}: a later one of the same checkpoint differs, and the first stands`);
      continue;
    }
    if (number !== first.size + 1) report(`anchor ${number}: it does not follow the one before it`);
    first.set(number, anchor);
    const checkpoint = byNumber.get(number);
    if (checkpoint && !same(checkpoint, anchor)) report(await differing(db, checkpoint, anchor));
    // Written after the checkpoints were read, or just before its checkpoint is committed.
    const fresh = nth > count || (number === (last?.number ?? 0) + 1 && now - Date.parse(anchor.at) < COVERED_WITHIN);
    if (!checkpoint && !(fresh && (await follows(db, last, anchor)))) report(`anchor ${number}: the database has no such checkpoint`);
  }
  for (const { number } of made) if (!first.has(number)) report(`checkpoint ${number}: it has no anchor`);
}

const same = (a: Checkpoint, b: Checkpoint): boolean =>
  a.position === b.position && a.acts === b.acts && a.at === b.at && a.digest === b.digest;

/** An anchor without a checkpoint yet: the acts must be what it says, as far as it follows the last checkpoint that was read. */
async function follows(db: DataSource, last: Checkpoint | undefined, anchor: Checkpoint): Promise<boolean> {
  if (anchor.number !== (last?.number ?? 0) + 1) return anchor.number > (last?.number ?? 0);
  return inSnapshot(db, async (tx) => (await checkpointAfter(tx, last ?? NONE, anchor)).digest === anchor.digest);
}

async function differing(db: DataSource, checkpoint: Checkpoint, anchor: Checkpoint): Promise<string> {
  const what = (['position', 'acts', 'at', 'digest'] as const).filter((part) => checkpoint[part] !== anchor[part]);
  const from = BigInt(checkpoint.position) < BigInt(anchor.position) ? checkpoint.position : anchor.position;
  const among = await inSnapshot(db, async (tx) => {
    const [before] = await tx.query<{ position: string | null }[]>(
      'select max(position)::text as position from ledger_checkpoint where position < $1',
      [from],
    );
    return namesOf(tx, before?.position ?? '0', anchor.position);
  });
  return `anchor ${anchor.number}: the database has no such checkpoint: its ${what.join(', ')} differ, over ${among}`;
}
