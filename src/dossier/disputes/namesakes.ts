import type { Transaction } from '../../platform/database/in-scope.js';
import { appendNext, type LedgerDeps } from '../../platform/ledger/streams.js';
import type { CaseDeps } from '../../cases/cases.store.js';
import { assignNumberIfDue } from '../formal-number.js';
import { registerReady } from '../registering.js';
import type { FactSource } from '../personal.store.js';
import { LATEST_ENROLMENT } from './disputes.js';
import { freeOf } from './freeing.js';
import { wakeAssertions } from './wake-assertions.js';

/**
 * Locks a student, both sides of a registration where one is named, and every record that an open duplicate sets beside one of them. One
 * order for all of them, so that two sides that are authenticated at once neither miss each other nor deadlock.
 */
export const lockBothSides = (tx: Transaction, studentId: string, registrationId?: unknown): Promise<unknown> =>
  tx.query(
    `with side as (
       select $1::uuid as id union select unnest(array[held_student_id, other_student_id]) from duplicate where registration_id = $2)
     select 1 from student where id in (select id from side
       union select d.other_student_id from duplicate d join side on side.id = d.held_student_id where d.state = 'open'
       union select d.held_student_id from duplicate d join side on side.id = d.other_student_id where d.state = 'open')
     order by id for update`,
    [studentId, registrationId ?? null],
  );

/**
 * What follows when an identity is authenticated, in whatever way:
 * 1. The formal number is given if it is due.
 * 2. A registration that both reviews approved is made (Art 9).
 * 3. Registrations that only a namesake held are released.
 * The caller holds the locks of `lockBothSides`, and appends its own act after this.
 */
export async function nowAuthenticated(tx: Transaction, deps: CaseDeps, studentId: string, stated: FactSource): Promise<void> {
  await assignNumberIfDue(tx, deps.cipher, studentId, stated);
  await registerReady(tx, deps, [studentId]);
  await releaseNamesakes(tx, deps, studentId);
}

/** Held for a like name, sex and birth date alone, of two authenticated persons with documents that neither shares with the other. */
const RELEASED = `
  update duplicate d set state = 'settled', outcome = 'namesakes', settled_at = $2 from student h, student o
  where h.id = d.held_student_id and o.id = d.other_student_id and (d.held_student_id = $1 or d.other_student_id = $1)
    and d.state = 'open' and d.ruling_request_id is null and d.types = '{sameNameSexBirthDate}'
    and h.authentication <> 'pending' and o.authentication <> 'pending' and h.document_index <> o.document_index
    and not exists (select 1 from former_document f where (f.student_id = h.id and f.document_index = o.document_index)
      or (f.student_id = o.id and f.document_index = h.document_index))
  returning d.id, d.registration_id as "registrationId", d.held_student_id as "heldStudentId", d.other_student_id as "otherStudentId"`;

interface Released {
  readonly id: string;
  readonly registrationId: string;
  readonly heldStudentId: string;
  readonly otherStudentId: string;
}

/** Releases the registrations that a namesake held and nothing else does, and notes the namesakes on both sides (Art 8, R-08). */
export async function releaseNamesakes(tx: Transaction, deps: CaseDeps, studentId: string): Promise<void> {
  const now = new Date(deps.clock.now());
  const [released] = await tx.query<[Released[], number]>(RELEASED, [studentId, now]);
  if (released.length === 0) return;
  const registrations = [...new Set(released.map(({ registrationId }) => registrationId))].sort();
  await freeOf(tx, deps, registrations, ['sameNameSexBirthDate']);
  const sides = released.flatMap((one) => [one.heldStudentId, one.otherStudentId].map((id) => ({ ...one, studentId: id })));
  for (const side of sides.toSorted((a, b) => (a.studentId < b.studentId ? -1 : 1)))
    await noteNamesake(tx, deps, { studentId: side.studentId, registrationId: side.registrationId, key: side.id });
  for (const registrationId of registrations) await wakeAssertions(tx, deps, { details: { registrationId } });
}

/**
 * In the student's stream, for the reviewers of school and authority: that another record has the same name, sex and birth date. The caller
 * holds the student's row.
 */
export async function noteNamesake(
  tx: Transaction,
  deps: LedgerDeps,
  { studentId, registrationId, key }: { readonly studentId: string; readonly registrationId: string; readonly key: string },
): Promise<void> {
  const [at] = await tx.query<{ schoolId: string; authorityId: string }[]>(
    `select o.id as "schoolId", o.parent_id as "authorityId" from (${LATEST_ENROLMENT('$1')}) e join organisation o on o.id = e.school_id`,
    [studentId],
  );
  await tx.query('update student set changed_at = $2 where id = $1', [studentId, new Date(deps.clock.now())]);
  await appendNext(tx, deps, 'student', studentId, { kind: 'namesakeFound', key: `namesake:${key}`, body: { registrationId, ...at } });
}
