import { FIELD_FAULTS } from '../domain/messages/field-faults.js';
import type { Words } from '../domain/messages/words.js';
import { answering } from '../platform/thread.js';
import type { Column, Mark, ReadSheet, SheetSize } from './column.js';
import { copyWithMarks, NotTaken, rowsIn } from './sheet-rows.js';

/** A sheet to read, or with marks one to copy. */
export interface Work {
  readonly file: Uint8Array;
  readonly columns: readonly Column[];
  readonly size: SheetSize;
  readonly marks?: readonly Mark[];
}

/** What was asked for, or why the file is not taken. */
export type Told = { readonly sheet: ReadSheet } | { readonly copy: Uint8Array } | { readonly refused: Words };

const work = async ({ file, columns, size, marks }: Work): Promise<Told> => {
  const content = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  return marks ? { copy: await copyWithMarks(content, columns, size, marks) } : { sheet: await rowsIn(content, columns, size) };
};

answering((asked: Work) =>
  work(asked).catch(
    // Whatever else the library throws, and wherever, it throws because of the file.
    (error: unknown): Told => ({ refused: error instanceof NotTaken ? error.why : FIELD_FAULTS.notWorkbook }),
  ),
);
