import type { ImportKind } from '../domain/dossier/imported.js';
import type { FieldCipher } from '../platform/database/field-cipher.js';
import type { Transaction } from '../platform/database/in-scope.js';
import { canonical } from '../platform/ledger/chain.js';
import { judgeCertificates } from './judging-certificates.js';
import { judgeChanges } from './judging-changes.js';
import { judgePeople } from './judging-people.js';
import type { Applicable, Judging } from './judged.js';
import { faultAt, identityText, isFaultyRead, type FaultyRead, type FitRow, type ReadImportRow } from './row-reading.js';

interface Digests {
  readonly identity: Buffer;
  readonly content: Buffer;
}

/** A row that may be applied or is held, with what tells it from every other row. */
export type FreshRow<K extends ImportKind> = Applicable<K> & Digests;
/** A row of which the same was applied before. */
export type RowKnown<K extends ImportKind> = FitRow<K> & Digests & { readonly before: true };
export type JudgedRow<K extends ImportKind> = FreshRow<K> | RowKnown<K> | FaultyRead;

export const isKnown = <K extends ImportKind>(one: JudgedRow<K>): one is RowKnown<K> => 'before' in one;

type Judge<K extends ImportKind> = (judging: Judging, rows: readonly FitRow<K>[]) => Promise<(Applicable<K> | FaultyRead)[]>;
const JUDGES: { readonly [K in ImportKind]: Judge<K> } = {
  students: judgePeople,
  graduates: judgePeople,
  changes: judgeChanges,
  certificates: judgeCertificates,
};

/** The field by which people see which row it is. */
const IDENTIFIED_BY: Readonly<Record<ImportKind, string>> = {
  students: '/document/number',
  graduates: '/document/number',
  changes: '/effectiveOn',
  certificates: '/certificateNumber',
};

/** Judges fit rows by what is on record, all of them together. It sees what the authority may not, and no answer says whose that is. */
export async function judgeImportRows<K extends ImportKind>(
  judging: Judging,
  kind: K,
  read: readonly ReadImportRow<K>[],
): Promise<JudgedRow<K>[]> {
  const { tx, cipher } = judging;
  const told = read.flatMap((one) => (isFaultyRead(one) ? [] : [{ ...one, ...digestsOf(cipher, kind, one) }]));
  const applied = await appliedBefore(tx, told);
  const before = told.flatMap((one): (RowKnown<K> | FaultyRead)[] => {
    const content = applied.get(one.identity.toString('hex'));
    if (content === undefined) return [];
    return content.equals(one.content)
      ? [{ ...one, before: true }]
      : [{ row: one.row, faults: [faultAt('imported-otherwise', IDENTIFIED_BY[kind])] }];
  });
  const done = new Map<number, JudgedRow<K>>([...read.filter(isFaultyRead), ...before].map((one) => [one.row, one]));
  const fresh = told.filter(({ row }) => !done.has(row));
  const judged = await JUDGES[kind](judging, fresh);
  for (const [nth, one] of fresh.entries()) {
    const found = judged[nth];
    if (found) done.set(one.row, isFaultyRead(found) ? found : { ...found, identity: one.identity, content: one.content });
  }
  return read.flatMap(({ row }) => done.get(row) ?? []);
}

function digestsOf<K extends ImportKind>(cipher: FieldCipher, kind: K, { input }: FitRow<K>): Digests {
  const says = canonical(JSON.parse(JSON.stringify(input)));
  return { identity: cipher.index('importRow', identityText(kind, input)), content: cipher.index('importRow', says) };
}

/** What was said by rows of these identities that were applied, by the identity in hexadecimal. */
async function appliedBefore(tx: Transaction, rows: readonly Digests[]): Promise<ReadonlyMap<string, Buffer>> {
  const found = await tx.query<Digests[]>(
    `select identity, content from import_row where identity = any($1::bytea[]) and state = 'applied'`,
    [rows.map(({ identity }) => identity)],
  );
  return new Map(found.map(({ identity, content }) => [identity.toString('hex'), content]));
}
