import { promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';

const inflated = promisify(inflateRaw);

/** Signatures and sizes of the parts of a zip archive. */
const END = { signature: Buffer.from([0x50, 0x4b, 0x05, 0x06]), size: 22 };
const ENTRY = { signature: 0x02014b50, size: 46 };
const LOCAL = { signature: 0x04034b50, size: 30 };
const MOST_ENTRIES = 1000;

/** Not an archive as office programs write them: of one part, without anything before, between or behind that readers disagree about. */
export class NotAnArchive extends Error {}
/** Unpacks to more than was allowed. */
export class UnpacksToTooMuch extends Error {}

interface Entry {
  readonly method: number;
  readonly packed: Buffer;
}

/**
 * Unpacks every part of a zip archive, and throws it away: a small file may unpack to gigabytes whatever sizes it declares, so who is to
 * read it must know before that it does not. Answers what it comes to in bytes.
 * @throws UnpacksToTooMuch NotAnArchive
 */
export async function unpackedSize(file: Buffer, most: number): Promise<number> {
  let sum = 0;
  for (const { method, packed } of entriesOf(file)) sum += await sizeOf(method, packed, most - sum);
  return sum;
}

async function sizeOf(method: number, packed: Buffer, most: number): Promise<number> {
  if (method !== 0 && method !== 8) throw new NotAnArchive();
  if (method === 0 && packed.length > most) throw new UnpacksToTooMuch();
  if (method === 0) return packed.length;
  if (most <= 0) throw new UnpacksToTooMuch();
  try {
    return (await inflated(packed, { maxOutputLength: most })).length;
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? new UnpacksToTooMuch() : new NotAnArchive();
  }
}

/** By the directory at the end, as every reader finds them. */
function entriesOf(file: Buffer): Entry[] {
  const end = file.lastIndexOf(END.signature);
  if (end < 0 || end + END.size > file.length) throw new NotAnArchive();
  const count = file.readUInt16LE(end + 10);
  const start = file.readUInt32LE(end + 16);
  if (count > MOST_ENTRIES || start + file.readUInt32LE(end + 12) !== end) throw new NotAnArchive();
  const entries: Entry[] = [];
  let at = start;
  for (let i = 0; i < count; i += 1) {
    if (at + ENTRY.size > end || file.readUInt32LE(at) !== ENTRY.signature) throw new NotAnArchive();
    entries.push(entryAt(file, at));
    at += ENTRY.size + file.readUInt16LE(at + 28) + file.readUInt16LE(at + 30) + file.readUInt16LE(at + 32);
  }
  if (at !== end) throw new NotAnArchive();
  return entries;
}

function entryAt(file: Buffer, at: number): Entry {
  const local = file.readUInt32LE(at + 42);
  if (local + LOCAL.size > file.length || file.readUInt32LE(local) !== LOCAL.signature) throw new NotAnArchive();
  const data = local + LOCAL.size + file.readUInt16LE(local + 26) + file.readUInt16LE(local + 28);
  return { method: file.readUInt16LE(at + 10), packed: file.subarray(data, data + file.readUInt32LE(at + 20)) };
}
