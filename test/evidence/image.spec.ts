import sharp from 'sharp';
import fc from 'fast-check';
import { encodedAnew, pixelsOf } from '../../src/evidence/image.js';
import { drawing, jpeg, jpegOfTwoSizes, photo, png, SECRET } from './pictures.js';

describe('an image', () => {
  it('says its size itself, by its header alone', async () => {
    expect(await pixelsOf('image/png', png(50_000, 40_000))).toEqual({ width: 50_000, height: 40_000 });
    expect(await pixelsOf('image/jpeg', jpeg(4000, 3000))).toEqual({ width: 4000, height: 3000 });
  });

  it('that is cut off, empty or broken has none, wherever it ends', async () => {
    const whole = jpeg(4000, 3000);
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

  it('is judged and encoded without a failure, whatever is changed in it', async () => {
    const wholes = [await photo(), await drawing()] as const;
    const changes = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...wholes), changes, async (whole, changed) => {
        const file = Buffer.from(whole);
        for (const [at, byte] of changed) file[at % file.length] = byte;
        for (const type of ['image/jpeg', 'image/png']) {
          const pixels = await pixelsOf(type, file);
          if (!pixels || pixels.width * pixels.height > 1_000_000) continue;
          const anew = await encodedAnew(type, file, 1_000_000);
          if (anew) expect(anew.toString('latin1')).not.toMatch(SECRET);
        }
      }),
      { numRuns: 100 },
    );
  });

  it.each([
    ['a photo', 'image/jpeg', photo, { width: 30, height: 40 }],
    ['a drawing', 'image/png', drawing, { width: 40, height: 30 }],
  ])('has nothing but its pixels once it is encoded anew: %s', async (_what, type, make, size) => {
    const file = await make();
    expect(file.toString('latin1')).toMatch(SECRET);
    const anew = (await encodedAnew(type, file, 10_000)) as Buffer;
    expect(anew.toString('latin1')).not.toMatch(SECRET);
    const { exif, xmp, iptc, icc, comments, orientation, ...known } = await sharp(anew).metadata();
    expect([exif, xmp, iptc, icc, comments, orientation]).toEqual([undefined, undefined, undefined, undefined, undefined, undefined]);
    expect(known).toMatchObject(size);
    const [red, green, blue] = [...(await sharp(anew).removeAlpha().raw().toBuffer())];
    expect([red, green, blue].map((one, at) => Math.abs(Number(one) - Number([0xa0, 0x30, 0x20][at])) < 8)).toEqual([true, true, true]);
  });

  it('that is cut off in its picture, or has more pixels than allowed, is not encoded', async () => {
    const file = await sharp({ create: { width: 400, height: 300, channels: 3, background: '#123456' } })
      .jpeg()
      .toBuffer();
    expect(await encodedAnew('image/jpeg', file.subarray(0, file.length >> 1), 1_000_000)).toBeUndefined();
    expect(await encodedAnew('image/jpeg', file, 100)).toBeUndefined();
    expect(await encodedAnew('image/jpeg', jpeg(400, 300), 1_000_000)).toBeUndefined();
  });
});
