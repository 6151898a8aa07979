import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { forgetPlace, pixelsOf } from '../../src/evidence/image.js';
import { exif, exifChunk, jpeg, jpegOfTwoSizes, png, tiffWithPlace, xmp } from './pictures.js';

describe('an image', () => {
  it('says its size itself, by its header alone', async () => {
    expect(await pixelsOf('image/png', png(50_000, 40_000))).toEqual({ width: 50_000, height: 40_000 });
    expect(await pixelsOf('image/jpeg', jpeg(4000, 3000, exif(tiffWithPlace(true))))).toEqual({ width: 4000, height: 3000 });
  });

  it('that is cut off, empty or broken has none, wherever it ends', async () => {
    const whole = jpeg(4000, 3000, exif(tiffWithPlace(true)));
    for (let length = 0; length < whole.length - 16; length += 1)
      expect(await pixelsOf('image/jpeg', whole.subarray(0, length))).toBeUndefined();
    for (let length = 0; length < 33; length += 1) expect(await pixelsOf('image/png', png(1, 1).subarray(0, length))).toBeUndefined();
    expect(await pixelsOf('image/png', png(0, 7))).toBeUndefined();
    expect(await pixelsOf('image/jpeg', Buffer.from([0xff, 0xd8, 0xff, 0xe1, 0, 1, 0xff, 0xc0]))).toBeUndefined();
  });

  it.each([0x01, 0xd0, 0xd7])('has the size that a viewer unpacks, also behind a marker without a length (%i)', async (marker) => {
    expect(await pixelsOf('image/jpeg', jpegOfTwoSizes(marker, 100, 60_000))).toEqual({ width: 60_000, height: 60_000 });
  });

  it('is one of the type that its first bytes show, and no other format is read at all', async () => {
    expect(await pixelsOf('image/jpeg', png(10, 10))).toBeUndefined();
    for (const other of ['<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', 'GIF89a\t\0\t\0\0\0\0;', 'P5 9 9 255\n'])
      expect(await pixelsOf('image/png', Buffer.from(other, 'latin1'))).toBeUndefined();
  });

  it('is judged without a failure and keeps its length, whatever is changed in it', async () => {
    const wholes = [jpeg(40, 30, exif(tiffWithPlace(true)), xmp('x')), png(10, 10, exifChunk(tiffWithPlace(false)))] as const;
    const changes = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...wholes), changes, async (whole, changed) => {
        const file = Buffer.from(whole);
        for (const [at, byte] of changed) file[at % file.length] = byte;
        for (const type of ['image/jpeg', 'image/png']) {
          const pixels = await pixelsOf(type, file);
          if (pixels) expect(Math.min(pixels.width, pixels.height)).toBeGreaterThan(0);
          forgetPlace(type, file);
        }
        expect(file).toHaveLength(whole.length);
      }),
      { numRuns: 300 },
    );
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
    expect(file.subarray(-23)).toEqual(before.subarray(-23));
  });

  it('forgets it behind a marker without a length too', () => {
    const whole = jpeg(10, 10, exif(tiffWithPlace(true)));
    const file = Buffer.concat([whole.subarray(0, 2), Buffer.from([0xff, 0xd0]), whole.subarray(2)]);
    forgetPlace('image/jpeg', file);
    expect(file.subarray(file.indexOf('Exif') + 6 + 40, file.indexOf('Exif') + 6 + 96)).toEqual(Buffer.alloc(56));
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
