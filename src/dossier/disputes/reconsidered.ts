import type { CaseDeps } from '../../cases/cases.store.js';
import type { DuplicateType } from '../../domain/dossier/duplicates.js';
import type { Transaction } from '../../platform/database/in-scope.js';
import { appendNext } from '../../platform/ledger/streams.js';
import { recordsLike, type SimilarRecord } from '../detection.js';
import { personsById } from '../person.js';
import { freeOf } from './freeing.js';
import { wakeAssertions } from './wake-assertions.js';

/** What a registration was held against or noted beside, before its row was put right. */
export interface Reconsidered {
  readonly openWith: ReadonlySet<string>;
  readonly notedWith: ReadonlySet<string>;
  /** How it was alike to those. */
  readonly types: readonly DuplicateType[];
  readonly settled: boolean;
}

interface Held {
  readonly id: string;
  readonly otherStudentId: string;
  readonly types: DuplicateType[];
  readonly state: 'open' | 'settled';
}

const OUTCOME = 'moot:corrected';

/** Of a registration that was put right: its open duplicates stay with whom it is like still, and the others are settled. */
export async function keepOrSettle(
  tx: Transaction,
  registrationId: string,
  holding: readonly SimilarRecord[],
  now: Date,
): Promise<Reconsidered> {
  const rows = await tx.query<Held[]>(
    `select id, other_student_id as "otherStudentId", types, state from duplicate
     where registration_id = $1 and (state = 'open' or outcome = 'namesakes') order by id`,
    [registrationId],
  );
  const open = rows.filter(({ state }) => state === 'open');
  const alike = new Map(holding.map(({ studentId, types }) => [studentId, types]));
  for (const { id, otherStudentId } of open)
    await (alike.has(otherStudentId) ? alikeSo(tx, id, alike.get(otherStudentId)) : settle(tx, [id], now));
  return {
    openWith: new Set(open.map((one) => one.otherStudentId).filter((id) => alike.has(id))),
    notedWith: new Set(rows.filter(({ state }) => state === 'settled').map((one) => one.otherStudentId)),
    types: open.flatMap(({ types }) => types),
    settled: open.some((one) => !alike.has(one.otherStudentId)),
  };
}

const alikeSo = (tx: Transaction, id: string, types: readonly DuplicateType[] = []): Promise<unknown> =>
  tx.query('update duplicate set types = $2 where id = $1', [id, types]);

const settle = (tx: Transaction, ids: readonly string[], now: Date): Promise<unknown> =>
  tx.query(`update duplicate set state = 'settled', outcome = '${OUTCOME}', settled_at = $2 where id = any($1::uuid[])`, [ids, now]);

interface HeldAgainst {
  readonly id: string;
  readonly registrationId: string;
  readonly heldStudentId: string;
  readonly types: DuplicateType[];
}

/**
 * Registrations that are held against a record which is another person now: they are released where nothing else holds them. The caller
 * holds the locks of `lockBothSides`.
 */
export async function releaseUnlike(tx: Transaction, deps: CaseDeps, studentId: string): Promise<void> {
  const rows = await tx.query<HeldAgainst[]>(
    `select id, registration_id as "registrationId", held_student_id as "heldStudentId", types from duplicate
     where other_student_id = $1 and state = 'open' and ruling_request_id is null order by held_student_id, id`,
    [studentId],
  );
  const persons = await personsById(
    tx,
    deps.cipher,
    rows.map(({ heldStudentId }) => heldStudentId),
  );
  for (const { id, registrationId, heldStudentId, types } of rows) {
    const person = persons.get(heldStudentId);
    const [found = []] = person ? await recordsLike(tx, deps.cipher, [person], [heldStudentId]) : [];
    const like = found.find((one) => one.studentId === studentId);
    if (like) await alikeSo(tx, id, like.types);
    else {
      await settle(tx, [id], new Date(deps.clock.now()));
      await freeOf(tx, deps, [registrationId], types);
      await appendNext(tx, deps, 'student', heldStudentId, { kind: 'duplicateMoot', key: `moot:${id}`, body: { registrationId } });
      await wakeAssertions(tx, deps, { details: { registrationId } });
    }
  }
}
