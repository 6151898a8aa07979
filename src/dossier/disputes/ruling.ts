import type { Transaction } from '../../platform/database/in-scope.js';
import type { Act } from '../../domain/case/acts.js';
import type { Ruling } from '../../domain/dossier/duplicates.js';
import { dateOf } from '../../domain/working-days.js';
import type { CaseDeps, LoadedCase } from '../../cases/cases.store.js';
import { studentOf } from '../../cases/read-model.js';
import { DUPLICATE_COLUMNS, type Duplicate } from './disputes.js';
import type { Cause } from '../effect.js';
import { lockBothSides, releaseNamesakes } from './namesakes.js';
import { wakeAssertions } from './wake-assertions.js';
import { registrationHasEnded } from './period.js';
import { settleDuplicate } from './settling.js';

/** The effect of a ruling: the duplicate is settled as ruled, and the evidence of both assertions joins both dossiers (Art 11, Art 12). */
export async function applyRuling(
  tx: Transaction,
  deps: CaseDeps,
  loaded: LoadedCase,
): Promise<{ effectiveOn: string } | { cause: Cause }> {
  const { request } = loaded;
  await lockBothSides(tx, studentOf(request), request.details.registrationId);
  const [duplicate] = await tx.query<Duplicate[]>(
    `select ${DUPLICATE_COLUMNS} from duplicate d where d.ruling_request_id = $1 and d.state = 'open'`,
    [request.id],
  );
  if (!duplicate) throw new Error('a ruling settles one open duplicate');
  const ruling = rulingOf(loaded);
  const today = dateOf(deps.clock.now());
  for (const studentId of REGISTERED[ruling](duplicate))
    if (await registrationHasEnded(tx, studentId, today)) return { cause: 'registration-period-over' };
  await settleDuplicate({ tx, deps, loaded, duplicate }, ruling);
  await tx.query(
    `insert into dossier_evidence (student_id, evidence_id, request_id, joined_at)
     select s, e, $3, $4 from unnest($1::uuid[]) as s, unnest($2::uuid[]) as e on conflict do nothing`,
    [[duplicate.heldStudentId, duplicate.otherStudentId], request.evidenceIds, request.id, new Date(deps.clock.now())],
  );
  await wakeAssertions(tx, deps, request);
  return { effectiveOn: today };
}

/** Whom a ruling registers, unless registered already. */
const REGISTERED: Readonly<Record<Ruling, (duplicate: Duplicate) => readonly string[]>> = {
  keepA: ({ otherStudentId }) => [otherStudentId],
  keepB: ({ heldStudentId }) => [heldStudentId],
  twoPersons: ({ otherStudentId, heldStudentId }) => [otherStudentId, heldStudentId],
  voidBoth: () => [],
};

/**
 * The ruling ended otherwise (a death superseded it, an operator cancelled it): the matter is open again, and either side may file again.
 */
export async function reopenDuplicate(tx: Transaction, deps: CaseDeps, request: LoadedCase['request']): Promise<void> {
  const studentId = studentOf(request);
  await lockBothSides(tx, studentId, request.details.registrationId);
  await tx.query(`update duplicate set ruling_request_id = null where ruling_request_id = $1 and state = 'open'`, [request.id]);
  await releaseNamesakes(tx, deps, studentId);
  await wakeAssertions(tx, deps, request);
}

function rulingOf({ acts }: LoadedCase): Ruling {
  const decided = acts.findLast(({ kind }) => kind === 'decided')?.body as Extract<Act, { kind: 'decided' }> | undefined;
  if (!decided?.data?.ruling) throw new Error('a ruling was decided');
  return decided.data.ruling;
}
