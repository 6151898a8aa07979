import { createHash, randomBytes } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { FieldCipher } from '../database/field-cipher.js';

/** The members of an act that its hash covers besides the previous hash. */
export interface Hashed {
  readonly stream: string;
  readonly streamId: string;
  readonly seq: number;
  readonly kind: string;
  readonly key: string | null;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly personId: string | null;
  readonly office: string | null;
  readonly organisationId: string | null;
  /** The head of the acting organisation (A18); absent where none is known, as in every act from before heads were recorded. */
  readonly headId?: string;
  readonly body: unknown;
  /** Digest of each free text or personal field, hex. */
  readonly textDigests: Readonly<Record<string, string>> | null;
  /** The rows that follow from the act; absent where none does. */
  readonly derived?: DerivedRows;
}

/** By table, the rows of a stream that the transaction of an act wrote, as it left them: nothing personal, digests of what is long. */
export type DerivedRows = Readonly<Record<string, readonly ({ readonly key: string } & Readonly<Record<string, unknown>>)[]>>;

/**
 * JSON in the canonical form of RFC 8785: equal values give equal text, whatever order a database returns keys in.
 * @throws for what has no such form: NaN, infinity, half a character (a surrogate without its other half)
 */
export const canonical = (value: unknown): string => canonicalize(value) ?? 'null';

export const hashOf = (previous: Buffer | undefined, act: Hashed): Buffer =>
  createHash('sha256')
    .update(previous ?? Buffer.alloc(32))
    .update(canonical(act))
    .digest();

/** A code over an act's hash that only a holder of the index key can make, so that no act is written by SQL alone. */
export const sealOf = (cipher: FieldCipher, hash: Buffer): Buffer => cipher.index('ledger.act', hash.toString('hex'));

export const newSalt = (): Buffer => randomBytes(16);

/** The digest that stands in the chain for a free text, so that the text can be erased without breaking it. */
export const digestOf = (salt: Buffer, value: string): string => createHash('sha256').update(salt).update(value).digest('hex');
