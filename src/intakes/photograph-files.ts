import { namedAfter, photographFault } from '../domain/dossier/photograph.js';
import { FIELD_FAULTS } from '../domain/messages/field-faults.js';
import type { MessageCode } from '../domain/messages/messages.js';
import { mediaTypeOf } from '../evidence/media-type.js';
import { inThread, inTurn, OutOfBounds } from '../platform/in-thread.js';
import { Problem } from '../platform/http/problem.js';
import type { Unpacked } from '../sheets/unpacked.js';
import type { Archive, Opened } from './photographs.thread.js';

/** Photographs of one archive. */
export const MOST_PHOTOGRAPHS = 300;
const MEGABYTE = 1024 * 1024;
const MOST_EACH = 2 * MEGABYTE;
const MOST_IN_ALL = 96 * MEGABYTE;
/** Twenty million: the camera of a telephone. */
const MOST_PIXELS = 20_000_000;
const BOUNDS = { milliseconds: 20_000, megabytes: 256 };

const wrong = (detail: (typeof FIELD_FAULTS)['notArchive']): Problem =>
  new Problem('invalid-input', { errors: [{ pointer: '/file', detail }] });

/** A file of an archive, by what it is named after. */
export interface NamedFile extends Unpacked {
  readonly after: string;
}

/** The files of an archive, unpacked in a thread within bounds. @throws Problem invalid-input */
export async function filesIn(file: Buffer): Promise<NamedFile[]> {
  const asked: Archive = { file, mostEach: MOST_EACH, mostInAll: MOST_IN_ALL };
  const opened = await inThread<Opened>(new URL('photographs.thread.js', import.meta.url), asked, BOUNDS).catch(
    (error: unknown): Opened => {
      if (error instanceof OutOfBounds) return { refused: 'tooLarge' };
      throw error;
    },
  );
  if ('refused' in opened)
    throw wrong(opened.refused === 'notArchive' ? FIELD_FAULTS.notArchive : FIELD_FAULTS.archiveTooLarge(MOST_PHOTOGRAPHS));
  const named = opened.files.flatMap((one) => {
    const after = namedAfter(one.name);
    return after === undefined ? [] : [{ ...one, after }];
  });
  if (named.length > MOST_PHOTOGRAPHS) throw wrong(FIELD_FAULTS.archiveTooLarge(MOST_PHOTOGRAPHS));
  return named;
}

/** A photograph as it is kept: encoded anew, so that nothing but its pixels is left. */
export interface Picture {
  readonly type: string;
  readonly content: Buffer;
}

/** The picture of a file, or why it is none that certificates may bear. */
export async function pictureIn({ content }: Unpacked): Promise<Picture | MessageCode> {
  if (!content) return 'photograph-too-large';
  const file = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  const type = mediaTypeOf(file);
  if (!type?.startsWith('image/')) return 'photograph-unreadable';
  const { encodedAnew, pixelsOf } = await import('../evidence/image.js');
  const pixels = await pixelsOf(type, file);
  if (!pixels) return 'photograph-unreadable';
  if (pixels.width * pixels.height > MOST_PIXELS) return 'photograph-too-large';
  const anew = await inTurn(() => encodedAnew(type, file, MOST_PIXELS));
  const upright = anew && (await pixelsOf(type, anew));
  if (!anew || !upright) return 'photograph-unreadable';
  return photographFault(upright) ?? (anew.length > MOST_EACH ? 'photograph-too-large' : { type, content: anew });
}
