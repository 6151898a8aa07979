import type { FieldCipher } from '../database/field-cipher.js';
import { violatedConstraint, type Transaction } from '../database/in-scope.js';
import { Problem } from '../http/problem.js';

/** A keyed digest of issuer and subject: by it alone an account is found. */
export const subjectHash = (cipher: FieldCipher, issuer: string, subject: string): Buffer =>
  cipher.index('issuerSubject', JSON.stringify([issuer, subject]));

/** An account that a binding would capture: it signs in by a password, or its person administers or operates, now or later. */
const NOT_FOR_BINDING = `
  select 1 from person p where p.id = $1 and (p.password_hash is not null
    or exists (select 1 from office o where o.person_id = p.id and o.office in ('orgAdmin', 'operator')
      and (o.held_until is null or o.held_until > $2)))`;

/**
 * Binds a subject of the issuer to an account, in place of its former one. The person's row is locked.
 * @throws Problem not-for-binding, subject-taken
 */
export async function bindSubject(tx: Transaction, personId: string, hash: Buffer, now: number): Promise<void> {
  const captured = await tx.query<unknown[]>(NOT_FOR_BINDING, [personId, new Date(now)]);
  if (captured.length > 0) throw new Problem('not-for-binding');
  try {
    await tx.query('update person set subject_hash = $2 where id = $1', [personId, hash]);
  } catch (error) {
    if (violatedConstraint(error) === 'person_subject') throw new Problem('subject-taken');
    throw error;
  }
}
