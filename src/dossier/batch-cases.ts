import { afterCommit, type Transaction } from '../platform/database/in-scope.js';
import { issuerOf } from '../platform/ledger/streams.js';
import type { BatchKind, Party, Route } from '../domain/procedure/procedure.js';
import { routeOfBatch } from '../domain/case/route.js';
import { dateOf } from '../domain/working-days.js';
import type { CaseDeps } from '../cases/cases.store.js';
import { openCases } from '../cases/open-cases.js';
import { PolicyStore } from '../policies/policies.store.js';
import type { Signature } from '../platform/ledger/acted-by.js';
import { newId } from '../platform/ledger/new-id.js';
import { partyOf } from './school-party.js';

/** What a school submits for review. */
export interface SubmittedBatch {
  readonly kind: BatchKind;
  readonly schoolId: string;
  /** What people call it, for instance `2026 autumn-1`: shown in Temporal, so no personal data. */
  readonly name: string;
  /** Names the batch: `{intakeId}` or `{graduationId}`. */
  readonly details: Readonly<Record<string, unknown>>;
  /** Parties that policy adds to the review, of those that the procedure allows. */
  readonly added?: readonly Party[];
  readonly evidenceIds?: readonly string[];
  /** Who submits it and so decides none of its steps (invariant 2). */
  readonly by: Signature;
  /** What the school says of it. */
  readonly reason: string;
}

/** Opens the case of a batch; its workflow is started after the commit, by `deps.wake` or else by the reconciler. */
export async function openBatchCase(tx: Transaction, deps: CaseDeps, batch: SubmittedBatch): Promise<{ id: string; number: string }> {
  const { kind, schoolId, details, evidenceIds = [], added, by, reason } = batch;
  const source = await partyOf(tx, schoolId);
  const policy = await new PolicyStore().inForce(tx, source.provinceId, dateOf(deps.clock.now()));
  const filer: Route['filer'] = { organisationId: by.organisationId, personId: by.personId, ...issuerOf(tx, by.personId) };
  const route = routeOfBatch(kind, { batch: batch.name, source, filer, added }, policy);
  const seenBy = [...new Set([...source.seenBy, ...route.steps.map(({ organisationId }) => organisationId)])];
  const id = newId();
  const [number = ''] = await openCases(tx, deps, [
    { id, kind, route, details, evidenceIds, sourceSchoolId: schoolId, seenBy, by, texts: { reason } },
  ]);
  afterCommit(tx, () => deps.wake?.({ requestId: id, kind: 'filed' }));
  return { id, number };
}
