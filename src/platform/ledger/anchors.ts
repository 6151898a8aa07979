import { createReadStream, existsSync } from 'node:fs';
import { mkdir, open, truncate } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { FieldCipher } from '../database/field-cipher.js';
import { canonical } from './chain.js';

/** What a checkpoint says of itself, and its digest covers. */
export interface Covered {
  /** Its place among the checkpoints, from 1. */
  readonly number: number;
  /** Of the last act that it covers. */
  readonly position: string;
  /** How many acts all checkpoints up to it cover. */
  readonly acts: string;
  /** ISO 8601 in UTC, to the millisecond. */
  readonly at: string;
}

/** A digest over the hashes of all acts up to a position, chained to the checkpoint before it. */
export interface Checkpoint extends Covered {
  /** Hex. */
  readonly digest: string;
}

/** A line of the file: a checkpoint, and a code that only a holder of the index key can make. */
interface Anchor extends Checkpoint {
  readonly mac: string;
}

/** The database's owner has no key, so that a file written anew to fit a changed database is known. */
const macOf = (cipher: FieldCipher, { number, position, acts, at, digest }: Checkpoint): string =>
  cipher.index('ledger.anchor', canonical({ number, position, acts, at, digest })).toString('hex');

/** The anchor that a line holds; undefined when it holds none, or one that this system did not write. */
function anchorIn(line: string, cipher: FieldCipher): Checkpoint | undefined {
  try {
    const { mac, ...one } = JSON.parse(line) as Anchor;
    return macOf(cipher, one) === mac ? one : undefined;
  } catch {
    return undefined;
  }
}

/** Every line in order, undefined for one that is no anchor. A last line without its end is one that is being written, and is left out. */
export async function readAnchors(file: string, cipher: FieldCipher): Promise<(Checkpoint | undefined)[]> {
  if (!existsSync(file)) return [];
  const lines: string[] = [];
  for await (const line of createInterface({ input: createReadStream(file) })) lines.push(line);
  const whole = (await lastByte(file)) === '\n' ? lines : lines.slice(0, -1);
  return whole.map((line) => anchorIn(line, cipher));
}

async function lastByte(file: string): Promise<string | undefined> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    return size === 0 ? undefined : (await handle.read({ length: 1, position: size - 1 })).buffer.toString('latin1', 0, 1);
  } finally {
    await handle.close();
  }
}

/** How much of the file's end is read to find its last line. */
const TAIL = 4096;

/** The last line, if it is an anchor. What a power failure left of a line that was being written is removed: nothing had relied on it. */
export async function lastAnchor(file: string, cipher: FieldCipher): Promise<Checkpoint | undefined> {
  if (!existsSync(file)) return undefined;
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const from = Math.max(0, size - TAIL);
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(TAIL), position: from });
    const text = buffer.toString('latin1', 0, bytesRead); // anchors are ASCII
    const end = text.lastIndexOf('\n') + 1;
    if (end < text.length && text.length - end < TAIL) await truncate(file, from + end);
    return anchorIn(text.slice(0, end).trimEnd().split('\n').at(-1) ?? '', cipher);
  } finally {
    await handle.close();
  }
}

/** Adds a line, and waits until the disk has it. */
export async function writeAnchor(file: string, cipher: FieldCipher, one: Checkpoint): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const handle = await open(file, 'a', 0o600);
  try {
    await handle.appendFile(`${JSON.stringify({ ...one, mac: macOf(cipher, one) })}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
