import type { FieldCipher } from '../platform/database/field-cipher.js';
import type { Transaction } from '../platform/database/in-scope.js';
import { areOnePerson, isLive } from '../domain/dossier/duplicates.js';
import { recordsLike } from './detection.js';
import { personOf, type Person } from './person.js';

/** Records that were told apart from a student's: two persons, by a ruling or a claim. */
const TOLD_APART = `
  select case when held_student_id = $1 then other_student_id else held_student_id end as id from duplicate
  where $1 in (held_student_id, other_student_id) and state = 'settled' and outcome = 'twoPersons'`;

/**
 * Nobody registers or holds two registrations (Art 10, R-10): asks the registry again whether another record of the same person has taken
 * a place since. What is only held against this one takes none, a like name, sex and birth date says it of nobody, and `except` are
 * records whose matter is being settled.
 */
export async function registeredElsewhere(
  tx: Transaction,
  cipher: FieldCipher,
  studentId: string,
  { person, except = [] }: { readonly person?: Person; readonly except?: readonly string[] } = {},
): Promise<boolean> {
  const apart = await tx.query<{ id: string }[]>(TOLD_APART, [studentId]);
  const asked = person ?? (await personOf(tx, cipher, studentId));
  const [found = []] = await recordsLike(tx, cipher, [asked], [studentId, ...except, ...apart.map(({ id }) => id)]);
  return found.some(({ state, types }) => isLive(state) && state !== 'heldDuplicate' && areOnePerson(types));
}
