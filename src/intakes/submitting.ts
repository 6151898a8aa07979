import { openBatchCase } from '../dossier/batch-cases.js';
import { recordIntakeAct } from '../dossier/intakes.js';
import type { CaseDeps } from '../cases/cases.store.js';
import type { Transaction } from '../platform/database/in-scope.js';
import { Problem } from '../platform/http/problem.js';
import type { Signature } from '../platform/ledger/acted-by.js';

/** What is clean and not approved yet; what an earlier review said of it is over. */
const SUBMIT = `
  update registration g set request_id = $2, review = null, review_step = null, review_reason = null, cause = null from enrolment e
  where g.intake_id = $1 and e.id = g.enrolment_id and e.state = 'pending' and g.review is distinct from 'approved' returning g.id`;

/**
 * Opens the case of an intake, which the caller has locked, with the rows that are left and not held; its id.
 * @throws Problem nothing-to-submit
 */
export async function submitRows(
  tx: Transaction,
  deps: CaseDeps,
  { id, schoolId, name }: { readonly id: string; readonly schoolId: string; readonly name: string },
  { by, note }: { readonly by: Signature; readonly note: string },
): Promise<string> {
  const opened = await openBatchCase(tx, deps, { kind: 'intake', schoolId, name, details: { intakeId: id }, by, reason: note });
  const [rows] = await tx.query<[{ id: string }[], number]>(SUBMIT, [id, opened.id]);
  if (rows.length === 0) throw new Problem('nothing-to-submit');
  await recordIntakeAct(tx, deps, id, { kind: 'submitted', by, body: { requestId: opened.id, rows: rows.length } });
  return opened.id;
}
