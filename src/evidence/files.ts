import type { FieldCipher } from '../platform/database/field-cipher.js';
import type { Transaction } from '../platform/database/in-scope.js';
import type { FileView } from './evidence.dto.js';
import { namePlace } from './file-name.js';

/** The files with these ids, in their order, as far as the scope sees them. */
export async function filesOf(tx: Transaction, cipher: FieldCipher, ids: readonly string[]): Promise<FileView[]> {
  if (ids.length === 0) return [];
  const rows = await tx.query<{ id: string; name: Buffer; size: string; type: string }[]>(
    'select id, name_cipher as name, size, type from evidence where id = any($1::uuid[]) order by array_position($1::uuid[], id)',
    [ids],
  );
  return rows.map(({ id, name, size, type }) => ({ id, name: cipher.decrypt(name, namePlace(id)), size: Number(size), type }));
}
