import type { Transaction } from '../platform/database/in-scope.js';
import { newId } from '../platform/ledger/new-id.js';
import { append, type By, type LedgerDeps } from '../platform/ledger/streams.js';

/** An irregularity as it is entered: by an authority about an organisation below it, and what it concerns. */
export interface EnteredIrregularity {
  readonly authorityId: string;
  readonly organisationId: string;
  readonly category: string;
  readonly requestId: string | null;
  readonly studentId: string | null;
  readonly orderId: string | null;
  readonly seenBy: readonly string[];
}

/** Enters an irregularity with the first act of its stream; its id. */
export async function enterIrregularity(
  tx: Transaction,
  deps: LedgerDeps,
  { seenBy, ...about }: EnteredIrregularity,
  { findings, by }: { readonly findings: string; readonly by: By },
): Promise<string> {
  const { authorityId, organisationId, category, requestId, studentId, orderId } = about;
  const id = newId();
  await tx.query(
    `insert into irregularity (id, authority_id, organisation_id, category, request_id, student_id, order_id, seen_by, registered_at,
      last_seq)
     values ($1,$2,$3,$4,$5,$6,$7,$8,$9,1)`,
    [id, authorityId, organisationId, category, requestId, studentId, orderId, seenBy, new Date(deps.clock.now())],
  );
  const act = { kind: 'registered', by, body: about, texts: { findings } };
  await append(tx, deps, 'irregularity', id, { seq: 0, at: 0 }, act);
  return id;
}
