import type { BatchKind } from '../domain/procedure/procedure.js';
import { isBatch } from '../domain/procedure/procedure.js';
import { returnedRows } from '../domain/case/returned-rows.js';
import type { PlainDate } from '../domain/working-days.js';
import type { FieldCipher } from '../platform/database/field-cipher.js';
import type { Transaction } from '../platform/database/in-scope.js';
import { readTexts } from '../platform/ledger/streams.js';
import { asAct, type CaseDeps, type LoadedCase } from './cases.store.js';
import type { RequestRow } from './read-model.js';

/**
 * Makes the next page of an approved batch's rows effective, in the caller's transaction, which holds the request's row. It may run twice:
 * the second run finds the next rows, or none. A row that cannot take effect is held back with its cause and never stops the others.
 * Rows of a later day are awaited, so that nothing is in force before its day (A20).
 */
export type BatchEffect = (tx: Transaction, deps: CaseDeps, loaded: LoadedCase) => Promise<BatchEffected>;
type BatchEffected = 'more' | 'done' | { readonly awaits: PlainDate };

export type BatchEffects = Readonly<Record<BatchKind, BatchEffect>>;

/** The ids of a case's rows ($1 is the request's id), in the tables of each slice. */
export const ROWS_OF_CASE: Readonly<Record<BatchKind, string>> = {
  intake: 'select id from registration where request_id = $1',
  graduation: `select m.id from graduation_member m join graduation g on g.id = m.graduation_id
    where g.request_id = $1 and m.state not in ('leftOut', 'withdrawn')`,
};

/** Names the batch of a case: `{intakeId}` or `{graduationId}`. */
export const batchIdOf = ({ kind, details }: Pick<RequestRow, 'kind' | 'details'>): string => String(details[`${kind}Id`]);

/** Which of these are rows of the case. */
export async function rowsAmong(tx: Transaction, { id, kind }: RequestRow, rows: readonly string[]): Promise<ReadonlySet<string>> {
  if (!isBatch(kind) || rows.length === 0) return new Set();
  const found = await tx.query<{ id: string }[]>(`select b.id from (${ROWS_OF_CASE[kind]}) b where b.id = any($2::uuid[])`, [id, rows]);
  return new Set(found.map((one) => one.id));
}

export async function countRows(tx: Transaction, { id, kind }: RequestRow): Promise<number> {
  if (!isBatch(kind)) return 0;
  const [row] = await tx.query<[{ n: number }]>(`select count(*)::int as n from (${ROWS_OF_CASE[kind]}) b`, [id]);
  return row.n;
}

/** Why a row was returned, and at which step; the reason is null once it was erased. */
export interface Returned {
  readonly step: string;
  readonly reason: string | null;
}

/** The returned rows of a case by their ids, with the reasons, which are texts of people. */
export async function returnedWithReasons(
  tx: Transaction,
  cipher: FieldCipher,
  { request, acts }: LoadedCase,
): Promise<ReadonlyMap<string, Returned>> {
  const rows = returnedRows(acts.map(asAct));
  if (rows.length === 0) return new Map();
  const texts = await readTexts(tx, cipher, request.id);
  const reasonsOf = new Map([...texts].map(([seq, { rows: told }]) => [seq, told ? (JSON.parse(told) as Record<string, string>) : {}]));
  return new Map(rows.map(({ row, step, seq }) => [row, { step, reason: reasonsOf.get(seq)?.[row] ?? null }]));
}
