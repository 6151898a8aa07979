import { crc32 } from 'node:zlib';
import { forgetPlace, pixelsOf } from '../../src/evidence/image.js';
import { exif, exifChunk, jpeg, png, tiffWithPlace, xmp } from './pictures.js';

describe('an image', () => {
  it('says its size itself, by its header alone', () => {
    expect(pixelsOf('image/png', png(50_000, 40_000))).toEqual({ width: 50_000, height: 40_000 });
    expect(pixelsOf('image/jpeg', jpeg(4000, 3000, exif(tiffWithPlace(true))))).toEqual({ width: 4000, height: 3000 });
  });

  it('that is cut off, empty or broken has none, wherever it ends', () => {
    const whole = jpeg(4000, 3000, exif(tiffWithPlace(true)));
    for (let length = 0; length < whole.length - 16; length += 1) expect(pixelsOf('image/jpeg', whole.subarray(0, length))).toBeUndefined();
    for (let length = 0; length < 33; length += 1) expect(pixelsOf('image/png', png(1, 1).subarray(0, length))).toBeUndefined();
    expect(pixelsOf('image/png', png(0, 7))).toBeUndefined();
    expect(pixelsOf('image/jpeg', Buffer.from([0xff, 0xd8, 0xff, 0xe1, 0, 1, 0xff, 0xc0]))).toBeUndefined();
  });

  it.each([true, false])('forgets where it was taken and keeps the rest (little endian %s)', (little) => {
    const file = jpeg(4000, 3000, exif(tiffWithPlace(little)), xmp('<exif:GPSLatitude>30,16.45N</exif:GPSLatitude>'));
    const before = Buffer.from(file);
    forgetPlace('image/jpeg', file);
    expect(file.length).toBe(before.length);
    expect(file.includes('GPSLatitude')).toBe(false);
    const tiff = file.subarray(file.indexOf('Exif') + 6);
    expect(tiff.subarray(0, 40)).toEqual(tiffWithPlace(little).subarray(0, 40));
    expect(tiff.subarray(40, 96)).toEqual(Buffer.alloc(56));
    expect(file.subarray(-15)).toEqual(before.subarray(-15));
  });

  it('forgets it in the chunk of a PNG too, whose sum stays right', () => {
    const file = png(10, 10, exifChunk(tiffWithPlace(true)));
    forgetPlace('image/png', file);
    const at = file.indexOf('eXIf');
    expect(file.subarray(at + 4 + 40, at + 4 + 96)).toEqual(Buffer.alloc(56));
    expect(file.readUInt32BE(at + 4 + 96)).toBe(crc32(file.subarray(at, at + 4 + 96)));
  });

  it('whose directories point anywhere is left without a failure', () => {
    for (let at = 0; at < 64; at += 1) {
      const tiff = tiffWithPlace(true);
      tiff.fill(0xff, at, at + 4);
      expect(() => forgetPlace('image/jpeg', jpeg(1, 1, exif(tiff)))).not.toThrow();
    }
  });
});
