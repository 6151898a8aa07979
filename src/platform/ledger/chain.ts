import { createHash, randomBytes } from 'node:crypto';
import canonicalize from 'canonicalize';

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
}

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

export const newSalt = (): Buffer => randomBytes(16);

/** The digest that stands in the chain for a free text, so that the text can be erased without breaking it. */
export const digestOf = (salt: Buffer, value: string): string => createHash('sha256').update(salt).update(value).digest('hex');
