import { FIELD_FAULTS } from '../domain/messages/field-faults.js';
import type { Words } from '../domain/messages/words.js';
import { inThread, OutOfBounds } from '../platform/in-thread.js';
import { Problem } from '../platform/http/problem.js';
import { BATCH_SIZE, type Column, type Mark, type ReadSheet, type SheetSize } from './column.js';
import type { Told, Work } from './sheet.thread.js';

const wrong = (detail: Words): Problem => new Problem('invalid-input', { errors: [{ pointer: '/file', detail }] });

/** The rows of a sheet, read in a thread within bounds. @throws Problem invalid-input for what is no sheet, or costs more than one */
export const sheetRowsOf = async (file: Buffer, columns: readonly Column[]): Promise<Record<string, unknown>[]> =>
  (await sheetOf(file, columns, BATCH_SIZE)).rows;

/** The same with the places of its columns. */
export async function sheetOf(file: Buffer, columns: readonly Column[], size: SheetSize): Promise<ReadSheet> {
  const told = await done({ file, columns, size });
  if ('sheet' in told) return told.sheet;
  throw new Error('a sheet was to be read');
}

/** A copy of a sheet with its faults marked, made in the same thread. */
export async function markedCopyOf(file: Buffer, columns: readonly Column[], size: SheetSize, marks: readonly Mark[]): Promise<Buffer> {
  const told = await done({ file, columns, size, marks });
  if ('copy' in told) return Buffer.from(told.copy);
  throw new Error('a copy was to be made');
}

async function done(work: Work): Promise<Exclude<Told, { refused: Words }>> {
  const { rows, milliseconds, megabytes } = work.size;
  const bounds = { milliseconds, megabytes };
  const told = await inThread<Told>(new URL('sheet.thread.js', import.meta.url), work, bounds).catch((error: unknown) => {
    if (error instanceof OutOfBounds) throw wrong(FIELD_FAULTS.costsTooMuch(rows));
    throw error;
  });
  if ('refused' in told) throw wrong(told.refused);
  return told;
}
