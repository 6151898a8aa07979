import type { Transaction } from '../database/in-scope.js';
import { appendNext, type By, type LedgerDeps } from './streams.js';

/** The stream of all erasures, whose lock is its name. */
export const ERASURES = '0f4d2c1e-7a35-5b60-8c1d-3e9a5b7f2d11';

/** Where a text stands. */
export interface TextPlace {
  readonly streamId: string;
  readonly seq: number;
  readonly field: string;
}

export const erasureKey = ({ streamId, seq, field }: TextPlace): string => `${streamId}/${seq}/${field}`;

/** Erases a text by an act that says which and why; without the act the database refuses. False when it is erased already, or not there. */
export async function eraseText(tx: Transaction, deps: LedgerDeps, place: TextPlace, reason: string, by?: By): Promise<boolean> {
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [ERASURES]);
  const { streamId, seq, field } = place;
  const values = [streamId, seq, field];
  const there = await tx.query<unknown[]>(
    'select 1 from act_text where stream_id = $1 and seq = $2 and field = $3 and cipher is not null for update',
    values,
  );
  if (there.length === 0) return false;
  const act = { kind: 'textErased', key: erasureKey(place), body: { ...place }, by, texts: { reason } };
  await appendNext(tx, deps, 'erasure', ERASURES, act);
  await tx.query('update act_text set salt = null, cipher = null where stream_id = $1 and seq = $2 and field = $3', values);
  return true;
}
