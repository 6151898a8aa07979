import { FIELD_FAULTS } from '../../domain/messages/field-faults.js';
import type { Words } from '../../domain/messages/words.js';
import { inThread, OutOfBounds } from '../../platform/in-thread.js';
import { Problem } from '../../platform/http/problem.js';
import { MOST_ROWS, type Column } from './column.js';
import type { Told } from './sheet.thread.js';

/** A sheet of 500 rows takes half a second and 100 MB. */
const BOUNDS = { milliseconds: 15_000, megabytes: 192 };

const wrong = (detail: Words): Problem => new Problem('invalid-input', { errors: [{ pointer: '/file', detail }] });

/** The rows of a sheet, read in a thread within bounds. @throws Problem invalid-input for what is no sheet, or costs more than one */
export async function sheetRowsOf(file: Buffer, columns: readonly Column[]): Promise<Record<string, unknown>[]> {
  const told = await inThread<Told>(new URL('sheet.thread.js', import.meta.url), { file, columns }, BOUNDS).catch((error: unknown) => {
    if (error instanceof OutOfBounds) throw wrong(FIELD_FAULTS.costsTooMuch(MOST_ROWS));
    throw error;
  });
  if ('refused' in told) throw wrong(told.refused);
  return told.rows;
}
