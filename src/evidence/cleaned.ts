import { FIELD_FAULTS } from '../domain/messages/field-faults.js';
import type { Words } from '../domain/messages/words.js';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { inThread, inTurn, OutOfBounds } from '../platform/in-thread.js';
import { Problem } from '../platform/http/problem.js';
import { PDF } from './media-type.js';
import type { JudgedPdf } from './pdf.js';

/** A scanned A0 sheet at 250 dpi has 97 million; who opens the file needs four bytes for each. */
export const MOST_PIXELS = 100_000_000;
/** A PDF of twenty megabytes takes two seconds. */
const BOUNDS = { milliseconds: 20_000, megabytes: 256 };

/** Loaded with the first picture: the decoders take some 30 MB. */
const images = () => import('./image.js');

const wrong = (detail: Words): Problem => new Problem('invalid-input', { errors: [{ pointer: '/file', detail }] });

interface CleanedFile {
  readonly size: number;
  readonly pages: number | null;
}

/**
 * Makes an uploaded file fit to be opened by others, in place. A picture is encoded anew, so that nothing but its pixels is left.
 * A PDF stays byte for byte, because it may be signed, and is refused when it would do something.
 * @returns its size in bytes, and of a PDF its pages
 * @throws Problem invalid-input, image-too-large, payload-too-large, pdf-unreadable, pdf-encrypted, pdf-active
 */
export async function cleaned(file: string, type: string, mostBytes: number): Promise<CleanedFile> {
  if (type === PDF) return { pages: await pagesOf(await readFile(file)), size: (await stat(file)).size };
  await writeFile(file, await pictureAnew(await readFile(file), type, mostBytes));
  return { pages: null, size: (await stat(file)).size };
}

async function pagesOf(file: Buffer): Promise<number> {
  const judged = await inThread<JudgedPdf>(new URL('pdf.thread.js', import.meta.url), { file, mostPixels: MOST_PIXELS }, BOUNDS).catch(
    (error: unknown): JudgedPdf => {
      if (error instanceof OutOfBounds) return { fault: { code: 'pdf-unreadable' } };
      throw error;
    },
  );
  if ('pages' in judged) return judged.pages;
  const { code, what } = judged.fault;
  throw new Problem(code, what === undefined ? {} : { facts: { what } });
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

/** Undefined for what is no picture. */
export async function thumbnailOf(picture: Buffer): Promise<Buffer | undefined> {
  const { madeSmall } = await images();
  return inTurn(() => madeSmall(picture, MOST_PIXELS));
}
