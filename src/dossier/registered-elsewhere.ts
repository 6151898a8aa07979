import type { FieldCipher } from '../platform/database/field-cipher.js';
import type { Transaction } from '../platform/database/in-scope.js';
import { areOnePerson, isLive } from '../domain/dossier/duplicates.js';
import { recordsLike } from './detection.js';
import { personOf, type Person } from './person.js';

/** Records that a ruling or an assertion told apart from the student's: two persons. */
const TOLD_APART = `
  select case when held_student_id = $1 then other_student_id else held_student_id end as id from duplicate
  where $1 in (held_student_id, other_student_id) and state = 'settled' and outcome = 'twoPersons'`;

export async function toldApartFrom(tx: Transaction, studentId: string): Promise<ReadonlySet<string>> {
  const apart = await tx.query<{ id: string }[]>(TOLD_APART, [studentId]);
  return new Set(apart.map(({ id }) => id));
}

/**
 * Asks the registry again whether another record of the same person has an enrolment since, because nobody has two (Art 10, R-10). Three
 * sorts of record do not count:
 * 1. A pending duplicate of this one.
 * 2. A record with only the same name, sex and birth date.
 * 3. `except`: records whose matter is being settled.
 */
export async function registeredElsewhere(
  tx: Transaction,
  cipher: FieldCipher,
  studentId: string,
  { person, except = [] }: { readonly person?: Person; readonly except?: readonly string[] } = {},
): Promise<boolean> {
  const apart = await toldApartFrom(tx, studentId);
  const asked = person ?? (await personOf(tx, cipher, studentId));
  const [found = []] = await recordsLike(tx, cipher, [asked], [studentId, ...except, ...apart]);
  return found.some(({ state, types }) => isLive(state) && state !== 'heldDuplicate' && areOnePerson(types));
}
