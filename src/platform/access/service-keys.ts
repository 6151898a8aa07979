import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { randomCode } from './random-code.js';

/** A key of a service account, with what the database keeps of it. */
export interface IssuedKey {
  /** `xjk_`, eight letters that may be shown, and 256 random bits. It stands nowhere. */
  readonly key: string;
  readonly prefix: string;
  readonly hash: Buffer;
}

const KEY = /^(xjk_[a-z2-9]{8})_[\w-]{43}$/;
const BITS_SHOWN = 40;

/** A fast digest is enough, because nobody guesses 256 random bits. */
const hashOf = (key: string): Buffer => createHash('sha256').update(key).digest();

export function issueKey(): IssuedKey {
  const prefix = `xjk_${randomCode(BITS_SHOWN).replace('-', '')}`;
  const key = `${prefix}_${randomBytes(32).toString('base64url')}`;
  return { key, prefix, hash: hashOf(key) };
}

/** The part of a key that may be shown; undefined for what is no key. */
export const prefixOf = (token: string): string | undefined => KEY.exec(token)?.[1];

export const isKeyOf = (token: string, hash: Buffer): boolean => timingSafeEqual(hashOf(token), hash);
