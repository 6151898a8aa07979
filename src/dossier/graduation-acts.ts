import type { Transaction } from '../platform/database/in-scope.js';
import { appendNext, type LedgerDeps, type NewAct } from '../platform/ledger/streams.js';

/** Appends one act to the stream of a locked graduation: the only way it is written. */
export async function recordGraduationAct(tx: Transaction, deps: LedgerDeps, graduationId: string, act: NewAct): Promise<void> {
  const { seq } = await appendNext(tx, deps, 'graduation', graduationId, act);
  await tx.query('update graduation set last_seq = $2 where id = $1', [graduationId, seq]);
}
