import { FIELD_FAULTS } from '../domain/messages/field-faults.js';
import type { Words } from '../domain/messages/words.js';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { inThread, inTurn, OutOfBounds } from '../platform/in-thread.js';
import { Problem } from '../platform/http/problem.js';
import type { PdfFault } from './pdf.js';

/** A scanned A0 sheet at 250 dpi has 97 million; who opens the file needs four bytes for each. */
export const MOST_PIXELS = 100_000_000;
/** A PDF of twenty megabytes takes two seconds. */
const BOUNDS = { milliseconds: 20_000, megabytes: 256 };

/** Loaded with the first picture: the decoders take some 30 MB. */
const images = () => import('./image.js');

const wrong = (detail: Words): Problem => new Problem('invalid-input', { errors: [{ pointer: '/file', detail }] });

/**
 * Makes an uploaded file fit to be opened by others, in place. A picture is encoded anew, so that nothing but its pixels is left.
 * A PDF stays byte for byte, because it may be signed, and is refused when it would do something.
 * @returns its size in bytes
 * @throws Problem invalid-input, image-too-large, payload-too-large, pdf-unreadable, pdf-encrypted, pdf-active
 */
export async function cleaned(file: string, type: string, mostBytes: number): Promise<number> {
  if (type === 'application/pdf') await judgePdf(await readFile(file));
  else await writeFile(file, await pictureAnew(await readFile(file), type, mostBytes));
  return (await stat(file)).size;
}

async function judgePdf(file: Buffer): Promise<void> {
  const fault = await inThread<PdfFault | undefined>(
    new URL('pdf.thread.js', import.meta.url),
    { file, mostPixels: MOST_PIXELS },
    BOUNDS,
  ).catch((error: unknown): PdfFault => {
    if (error instanceof OutOfBounds) return { code: 'pdf-unreadable' };
    throw error;
  });
  if (fault) throw new Problem(fault.code, fault.what === undefined ? {} : { facts: { what: fault.what } });
}

async function pictureAnew(file: Buffer, type: string, mostBytes: number): Promise<Buffer> {
  const { encodedAnew, pixelsOf } = await images();
  const pixels = await pixelsOf(type, file);
  if (!pixels) throw wrong(FIELD_FAULTS.notImage);
  if (pixels.width * pixels.height > MOST_PIXELS) throw new Problem('image-too-large');
  const anew = await inTurn(() => encodedAnew(type, file, MOST_PIXELS));
  if (!anew) throw wrong(FIELD_FAULTS.notImage);
  if (anew.length > mostBytes) throw new Problem('payload-too-large');
  return anew;
}
