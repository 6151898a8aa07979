import { FIELD_FAULTS } from '../../domain/messages/field-faults.js';
import type { Words } from '../../domain/messages/words.js';
import { answering } from '../../platform/thread.js';
import type { Column } from './column.js';
import { NotTaken, rowsIn } from './sheet-rows.js';

/** The rows, or why the file is not taken. */
export type Told = { readonly rows: Record<string, unknown>[] } | { readonly refused: Words };

answering(({ file, columns }: { file: Uint8Array; columns: readonly Column[] }) =>
  rowsIn(Buffer.from(file.buffer, file.byteOffset, file.byteLength), columns).then(
    (rows): Told => ({ rows }),
    // Whatever else the library throws, and wherever, it throws because of the file.
    (error: unknown): Told => ({ refused: error instanceof NotTaken ? error.why : FIELD_FAULTS.notWorkbook }),
  ),
);
