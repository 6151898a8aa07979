import { createRequire } from 'node:module';
import fc from 'fast-check';
import JSZip from 'jszip';
import { NotAnArchive, unpackedSize, UnpacksToTooMuch } from '../../src/sheets/unpacked.js';
import { zipOf } from './zips.js';

const MB = 1024 * 1024;
const part = (name: string, bytes: number) => ({ name, content: Buffer.alloc(bytes, 'ab') });
const WHOLE = zipOf([part('xl/workbook.xml', 500), part('xl/worksheets/sheet1.xml', 70_000)]);

describe('what an archive unpacks to', () => {
  it('is the sum of its parts, however small it is packed', async () => {
    expect(WHOLE.length).toBeLessThan(1000);
    await expect(unpackedSize(WHOLE, MB)).resolves.toBe(70_500);
    await expect(unpackedSize(WHOLE, 70_500)).resolves.toBe(70_500);
    await expect(unpackedSize(WHOLE, 70_499)).rejects.toThrow(UnpacksToTooMuch);
  });

  it('counts a part that the end of the directory keeps quiet about, because the reader of sheets unpacks it', async () => {
    const hiding = zipOf([part('a.xml', 1), part('xl/worksheets/sheet1.xml', 30 * MB)], 1);
    expect(Object.keys((await JSZip.loadAsync(hiding)).files)).toHaveLength(2);
    await expect(unpackedSize(hiding, 20 * MB)).rejects.toThrow(UnpacksToTooMuch);
  });

  it('is measured by the very copy of the reader by which ExcelJS reads', () => {
    const ours = createRequire(import.meta.url);
    expect(createRequire(ours.resolve('exceljs')).resolve('jszip')).toBe(ours.resolve('jszip'));
  });

  it.each([
    ['a part that declares less than it has', zipOf([{ ...part('a', 60 * MB), declared: 1000 }])],
    ['many parts that are each small enough', zipOf(Array.from({ length: 30 }, (_, nth) => part(`p${nth}`, MB)))],
  ])('is found to be too much by %s', async (_what, bomb) => {
    await expect(unpackedSize(bomb, 20 * MB)).rejects.toThrow(UnpacksToTooMuch);
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['a picture', Buffer.from('\u0089PNG\r\n\u001a\n', 'latin1')],
    ['an archive behind something else', Buffer.concat([Buffer.from('MZ'), WHOLE])],
    ['more parts than any workbook has', zipOf(Array.from({ length: 1001 }, (_, nth) => part(`p${nth}`, 0)))],
    ['an end without a directory', Buffer.concat([Buffer.from('PK\u0003\u0004'), WHOLE.subarray(-22)])],
    ['a packing that nobody reads', Buffer.from(WHOLE).fill(99, WHOLE.length - 22 - 70 + 10, WHOLE.length - 22 - 70 + 11)],
  ])('has no answer for %s', async (_what, file) => {
    await expect(unpackedSize(file, MB)).rejects.toThrow(NotAnArchive);
  });

  it('has none for an archive that is cut off anywhere', async () => {
    for (let length = 0; length < WHOLE.length; length += 1)
      await expect(unpackedSize(WHOLE.subarray(0, length), MB)).rejects.toThrow(NotAnArchive);
  });

  it('always comes, within the bound, whatever is changed in the file', async () => {
    const changes = fc.array(fc.tuple(fc.nat(WHOLE.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(changes, async (changed) => {
        const file = Buffer.from(WHOLE);
        for (const [at, byte] of changed) file[at] = byte;
        const answer: unknown = await unpackedSize(file, 80_000).catch((error: unknown) => error);
        const isRefused = answer instanceof NotAnArchive || answer instanceof UnpacksToTooMuch;
        expect(isRefused || (answer as number) <= 80_000).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
