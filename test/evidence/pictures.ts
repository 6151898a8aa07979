import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';

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
function segment(marker: number, data: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0xff, marker, (data.length + 2) >> 8, (data.length + 2) & 255]), data]);
}

const SCAN = segment(0xda, Buffer.from([1, 1, 0, 0, 63, 0]));

const frame = (width: number, height: number): Buffer =>
  segment(0xc0, Buffer.from([8, height >> 8, height & 255, width >> 8, width & 255, 1, 1, 0x11, 0]));

/** A JPEG as far as the header of its scan. */
export const jpeg = (width: number, height: number): Buffer =>
  Buffer.concat([Buffer.from([0xff, 0xd8]), frame(width, height), SCAN, Buffer.from([0xff, 0xd9])]);
/** Shows one size to a decoder, and another to whoever takes a marker without a length for the head of a segment. */
export function jpegOfTwoSizes(marker: number, shown: number, hidden: number): Buffer {
  const real = Buffer.concat([frame(hidden, hidden), SCAN]);
  const skipped = Buffer.concat([real, Buffer.alloc(real.readUInt16BE(0) - real.length)]);
  return Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, marker]), skipped, frame(shown, shown), SCAN, Buffer.from([0xff, 0xd9])]);
}

/** What stands in every place where a photo may hold more than its picture. */
export const SECRET = /SECRET/;
const xmp = 'http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>SECRET xmp</x:xmpmeta>';
const extended = 'http://ns.adobe.com/xmp/extension/\0SECRET extended';
const iptc = 'Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x0bSECRET iptc';
const EXIF = {
  IFD0: { Make: 'SECRET make', Artist: 'SECRET artist' },
  IFD3: { GPSLatitude: '30/1 16/1 2712/100', GPSAreaInformation: 'SECRET place' },
};
const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

/** A photo of 40 × 30, taken with the camera on its side, with all that cameras and programs write beside the picture, and a second one. */
export async function photo(): Promise<Buffer> {
  const plain = sharp({ create: { width: 40, height: 30, channels: 3, background: '#a03020' } });
  const taken = await plain.withExif(EXIF).withMetadata({ orientation: 6 }).jpeg().toBuffer();
  const beside = [
    segment(0xe1, bytes(xmp)),
    segment(0xe1, bytes(extended)),
    segment(0xed, bytes(iptc)),
    segment(0xe2, bytes('MPF\0SECRET')),
  ];
  const comment = segment(0xfe, bytes('SECRET comment'));
  return Buffer.concat([taken.subarray(0, 2), ...beside, comment, taken.subarray(2), bytes('SECRET second picture')]);
}

/** A PNG with texts plain, packed and international, a time, EXIF, and something behind its end. */
export async function drawing(): Promise<Buffer> {
  const made = await sharp({ create: { width: 40, height: 30, channels: 4, background: '#a0302080' } })
    .withExif(EXIF)
    .png()
    .toBuffer();
  const end = made.length - 12;
  const texts = [
    chunk('tEXt', bytes('Author\0SECRET')),
    chunk('zTXt', Buffer.concat([bytes('Comment\0\0'), deflateSync('SECRET')])),
    chunk('iTXt', bytes('XML:com.adobe.xmp\0\0\0\0\0SECRET')),
    chunk('prVt', bytes('SECRET')),
  ];
  return Buffer.concat([made.subarray(0, end), ...texts, made.subarray(end), bytes('SECRET')]);
}
