import { crc32 } from 'node:zlib';
import { withoutPlace } from './exif.js';

export interface Pixels {
  readonly width: number;
  readonly height: number;
}

/** A scanned A0 sheet at 250 dpi has 97 million; who opens the file needs four bytes for each. */
export const MOST_PIXELS = 100_000_000;

/** Width and height as the file itself declares them; undefined when it is no image of its type. */
export function pixelsOf(type: string, file: Buffer): Pixels | undefined {
  if (type === 'image/png') return pngPixels(file);
  return type === 'image/jpeg' ? jpegPixels(file) : undefined;
}

/** Makes where a picture was taken unreadable, in place: the file keeps its length and its picture. */
export function forgetPlace(type: string, file: Buffer): void {
  if (type === 'image/jpeg') for (const { marker, data } of jpegSegments(file)) if (marker === 0xe1) withoutPlace(data);
  if (type === 'image/png') for (const chunk of pngChunks(file)) if (chunk.name === 'eXIf') forgetInChunk(chunk);
}

function pngPixels(file: Buffer): Pixels | undefined {
  if (file.length < 33 || file.toString('latin1', 12, 16) !== 'IHDR') return undefined;
  return sized(file.readUInt32BE(16), file.readUInt32BE(20));
}

const sized = (width: number, height: number): Pixels | undefined => (width > 0 && height > 0 ? { width, height } : undefined);

/** Frames: SOF0 to SOF15 but for tables (DHT, DAC) and the reserved JPG. */
const isFrame = (marker: number): boolean => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

function jpegPixels(file: Buffer): Pixels | undefined {
  for (const { marker, data } of jpegSegments(file))
    if (isFrame(marker)) return data.length >= 5 ? sized(data.readUInt16BE(3), data.readUInt16BE(1)) : undefined;
  return undefined;
}

/** The segments before the picture itself; a broken one ends them. */
function* jpegSegments(file: Buffer): Generator<{ marker: number; data: Buffer }> {
  for (let at = 2; at + 4 <= file.length && file[at] === 0xff;) {
    const marker = file[at + 1] ?? 0;
    if (marker === 0xff)
      at += 1; // fill
    else if (marker === 0xda || marker === 0xd9) return;
    else {
      const length = file.readUInt16BE(at + 2);
      if (length < 2 || at + 2 + length > file.length) return;
      yield { marker, data: file.subarray(at + 4, at + 2 + length) };
      at += 2 + length;
    }
  }
}

interface Chunk {
  readonly name: string;
  /** Name and data, which the sum covers. */
  readonly covered: Buffer;
  readonly sum: Buffer;
}

function* pngChunks(file: Buffer): Generator<Chunk> {
  for (let at = 8; at + 12 <= file.length;) {
    const length = file.readUInt32BE(at);
    if (at + 12 + length > file.length) return;
    const covered = file.subarray(at + 4, at + 8 + length);
    yield { name: covered.toString('latin1', 0, 4), covered, sum: file.subarray(at + 8 + length, at + 12 + length) };
    at += 12 + length;
  }
}

function forgetInChunk({ covered, sum }: Chunk): void {
  withoutPlace(covered.subarray(4));
  sum.writeUInt32BE(crc32(covered));
}
