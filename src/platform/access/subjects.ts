import type { FieldCipher } from '../database/field-cipher.js';
import type { Transaction } from '../database/in-scope.js';
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
export async function bindSubject(
  tx: Transaction,
  { issuer, hash, personId, now }: { issuer: string; hash: Buffer; personId: string; now: number },
): Promise<void> {
  const at = new Date(now);
  const captured = await tx.query<unknown[]>(NOT_FOR_BINDING, [personId, at]);
  if (captured.length > 0) throw new Problem('not-for-binding');
  await tx.query('delete from issuer_subject where person_id = $1', [personId]);
  const bound = await tx.query<unknown[]>(
    'insert into issuer_subject (subject_hash, issuer, person_id, bound_at) values ($1,$2,$3,$4) on conflict do nothing returning 1',
    [hash, issuer, personId, at],
  );
  if (bound.length === 0) throw new Problem('subject-taken');
}
