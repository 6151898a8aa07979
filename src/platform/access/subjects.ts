import type { FieldCipher } from '../database/field-cipher.js';
import type { Transaction } from '../database/in-scope.js';
import { append, tipOf, type LedgerDeps } from '../ledger/streams.js';
import type { Bearer } from './issuer.js';

/** The subject of a token of the outside issuer. */
export interface TokenSubject {
  readonly issuer: string;
  /** Keyed digest of issuer and subject. */
  readonly hash: Buffer;
  readonly username: string;
}

export const subjectOf = (cipher: FieldCipher, { issuer, subject, username }: Omit<Bearer, 'expiresAt'>): TokenSubject => ({
  issuer,
  username,
  hash: cipher.index('issuerSubject', JSON.stringify([issuer, subject])),
});

/**
 * Binds a subject to the account that its first token names, for good. Later tokens of the subject are that person's, whatever user name
 * they say. Another subject with that name is refused. The person's `access` stream has the act.
 */
export async function bindSubject(tx: Transaction, deps: LedgerDeps, { issuer, hash, username }: TokenSubject): Promise<void> {
  const [person] = await tx.query<{ id: string }[]>('select id from person where username = $1 and disabled_at is null for update', [
    username,
  ]);
  if (!person) return;
  const bound = await tx.query<unknown[]>(
    'insert into issuer_subject (subject_hash, issuer, person_id, bound_at) values ($1,$2,$3,$4) on conflict do nothing returning 1',
    [hash, issuer, person.id, new Date(deps.clock.now())],
  );
  if (bound.length === 0) return;
  await append(tx, deps, 'access', person.id, await tipOf(tx, person.id), { kind: 'subjectBound', body: { personId: person.id } });
}
