import { crc32, deflateSync } from 'node:zlib';

const u32 = (n: number): Buffer => Buffer.from([n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255]);

function chunk(name: string, data: Buffer): Buffer {
  const covered = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  return Buffer.concat([u32(data.length), covered, u32(crc32(covered))]);
}

/** A PNG that declares its size, with one row of pixels and whatever chunks stand between. */
export const png = (width: number, height: number, ...between: Buffer[]): Buffer =>
  Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', Buffer.concat([u32(width), u32(height), Buffer.from([8, 0, 0, 0, 0])])),
    ...between,
    chunk('IDAT', deflateSync(Buffer.alloc(2))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
export const exifChunk = (tiff: Buffer): Buffer => chunk('eXIf', tiff);

function segment(marker: number, data: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0xff, marker, (data.length + 2) >> 8, (data.length + 2) & 255]), data]);
}

const SCAN = segment(0xda, Buffer.from([1, 1, 0, 0, 63, 0]));

const frame = (width: number, height: number): Buffer =>
  segment(0xc0, Buffer.from([8, height >> 8, height & 255, width >> 8, width & 255, 1, 1, 0x11, 0]));

/** A JPEG as far as the header of its scan. */
export const jpeg = (width: number, height: number, ...app1: Buffer[]): Buffer =>
  Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    ...app1.map((data) => segment(0xe1, data)),
    frame(width, height),
    SCAN,
    Buffer.from([0xff, 0xd9]),
  ]);
/** Shows one size to a decoder, and another to whoever takes a marker without a length for the head of a segment. */
export function jpegOfTwoSizes(marker: number, shown: number, hidden: number): Buffer {
  const real = Buffer.concat([frame(hidden, hidden), SCAN]);
  const skipped = Buffer.concat([real, Buffer.alloc(real.readUInt16BE(0) - real.length)]);
  return Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, marker]), skipped, frame(shown, shown), SCAN, Buffer.from([0xff, 0xd9])]);
}
export const exif = (tiff: Buffer): Buffer => Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff]);
export const xmp = (packet: string): Buffer => Buffer.from(`http://ns.adobe.com/xap/1.0/\0${packet}`, 'latin1');

/** A TIFF structure with the camera's make and, in a directory of its own, a latitude of three rationals. */
export function tiffWithPlace(little: boolean): Buffer {
  const tiff = Buffer.alloc(96);
  const w16 = (n: number, at: number) => (little ? tiff.writeUInt16LE(n, at) : tiff.writeUInt16BE(n, at));
  const w32 = (n: number, at: number) => (little ? tiff.writeUInt32LE(n, at) : tiff.writeUInt32BE(n, at));
  tiff.write(little ? 'II*\0' : 'MM\0*', 0, 'latin1');
  w32(8, 4);
  w16(2, 8);
  const entry = (at: number, tag: number, type: number, count: number, value: number) => (
    w16(tag, at),
    w16(type, at + 2),
    w32(count, at + 4),
    w32(value, at + 8)
  );
  entry(10, 0x010f, 2, 4, 0x54534554); // "TEST"
  entry(22, 0x8825, 4, 1, 40);
  w16(1, 40);
  entry(42, 2, 5, 3, 64);
  for (const [nth, n] of [30, 1, 16, 1, 2712, 100].entries()) w32(n, 64 + nth * 4);
  return tiff;
}
