import type { Transaction } from '../platform/database/in-scope.js';

export type EvidenceDigests = Readonly<Record<string, string>>;

/** SHA-256 of each file by its id, for the act that relies on them; undefined for none. */
export async function evidenceDigests(tx: Transaction, ids: readonly string[]): Promise<EvidenceDigests | undefined> {
  if (ids.length === 0) return undefined;
  const rows = await tx.query<{ id: string; sha256: string }[]>('select id, sha256 from evidence where id = any($1::uuid[])', [ids]);
  return Object.fromEntries(rows.map(({ id, sha256 }) => [id, sha256]));
}
