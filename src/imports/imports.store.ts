import type { ImportKind } from '../domain/dossier/imported.js';
import { maskName } from '../domain/dossier/id-document.js';
import type { FieldCipher } from '../platform/database/field-cipher.js';
import type { Transaction } from '../platform/database/in-scope.js';
import { insertRows } from '../platform/database/insert-rows.js';
import { appendNext, type LedgerDeps, type NewAct } from '../platform/ledger/streams.js';
import { isKnown, type FreshRow, type RowKnown } from './judging.js';
import { nameIn } from './row-reading.js';

export const importRowPlace = (importId: string, row: number): string => `import_row.says:${importId}/${row}`;

/** Appends one act to the stream of an import whose row the caller has locked or made: the only way it is written. */
export async function recordImportAct(tx: Transaction, deps: LedgerDeps, id: string, act: NewAct): Promise<void> {
  const { seq } = await appendNext(tx, deps, 'import', id, act);
  await tx.query('update import set last_seq = $2 where id = $1', [id, seq]);
}

/** Keeps the rows of a list that are not faulty, until they are signed off. */
export async function keepRows<K extends ImportKind>(
  tx: Transaction,
  cipher: FieldCipher,
  importId: string,
  rows: readonly (FreshRow<K> | RowKnown<K>)[],
): Promise<void> {
  await insertRows(
    tx,
    'import_row',
    rows.map((one) => {
      const { row, input, identity, content } = one;
      const known = isKnown(one) ? undefined : one.known;
      const held = isKnown(one) ? undefined : one.held;
      const studentId = known && 'studentId' in known ? known.studentId : null;
      const schoolId = known && ('school' in known ? known.school.id : known.schoolId);
      return {
        importId,
        row,
        identity,
        content,
        saysCipher: known ? cipher.encrypt(JSON.stringify(input), importRowPlace(importId, row)) : null,
        maskedName: maskName(nameIn(input)),
        schoolId: schoolId ?? null,
        state: known ? (held ? 'held' : 'waiting') : 'known',
        cause: held?.code ?? null,
        studentId,
      };
    }),
  );
}
