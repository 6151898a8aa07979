import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { withoutPlace } from './exif.js';

export interface Pixels {
  readonly width: number;
  readonly height: number;
}

/** A scanned A0 sheet at 250 dpi has 97 million; who opens the file needs four bytes for each. */
export const MOST_PIXELS = 100_000_000;

/** Only the decoders of what is accepted: libvips knows dozens of formats, each a parser that nobody here needs. */
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({ operation: ['VipsForeignLoadJpeg', 'VipsForeignLoadPng'] });
sharp.cache(false);

/**
 * Width and height as the decoder reads them from the header; no pixel is unpacked. Undefined when the file is no image of its type.
 * The decoder judges, because a walk over the segments of our own can be led past the frame that a viewer then unpacks.
 */
export async function pixelsOf(type: string, file: Buffer): Promise<Pixels | undefined> {
  try {
    const { format, width, height } = await sharp(file, { limitInputPixels: false }).metadata();
    return `image/${format}` === type ? { width, height } : undefined;
  } catch {
    return undefined;
  }
}

/** Makes where a picture was taken unreadable, in place: the file keeps its length and its picture. */
export function forgetPlace(type: string, file: Buffer): void {
  if (type === 'image/jpeg') for (const { marker, data } of jpegSegments(file)) if (marker === 0xe1) withoutPlace(data);
  if (type === 'image/png') for (const chunk of pngChunks(file)) if (chunk.name === 'eXIf') forgetInChunk(chunk);
}

/** The segments before the picture itself; a broken one ends them. */
function* jpegSegments(file: Buffer): Generator<{ marker: number; data: Buffer }> {
  for (let at = 2; at + 4 <= file.length && file[at] === 0xff;) {
    const marker = file[at + 1] ?? 0;
    if (marker === 0xff)
      at += 1; // fill
    else if (standsAlone(marker)) at += 2;
    else if (marker === 0xda || marker === 0xd9) return;
    else {
      const length = file.readUInt16BE(at + 2);
      if (length < 2 || at + 2 + length > file.length) return;
      yield { marker, data: file.subarray(at + 4, at + 2 + length) };
      at += 2 + length;
    }
  }
}

/** TEM and RST0 to RST7 have no length; whoever reads one skips what it is told to. */
const standsAlone = (marker: number): boolean => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7);

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
