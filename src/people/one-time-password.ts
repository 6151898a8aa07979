import { randomUUID } from 'node:crypto';
import { hash } from '@node-rs/argon2';
import type { FieldCipher } from '../platform/database/field-cipher.js';

const A_WEEK = 7 * 24 * 3_600_000;
/** Without what is easily mistaken for something else. */
const LETTERS = 'abcdefghijkmnpqrstuvwxyz23456789';
const LENGTH = 20;

/** What may be kept of a one-time password: with it and the index key the password is made again, for whoever repeats the request. */
export interface Issue {
  readonly personId: string;
  readonly issue: string;
  readonly until: number;
}

/** A hundred bits, in groups of four. It stands nowhere: a keyed digest of the issue gives it. */
export function passwordOf(cipher: FieldCipher, { personId, issue }: Pick<Issue, 'personId' | 'issue'>): string {
  const digest = cipher.index('oneTimePassword', `${personId}:${issue}`);
  const letters = [...digest.subarray(0, LENGTH)].map((byte) => LETTERS[byte % LETTERS.length]).join('');
  return letters.match(/.{4}/g)?.join('-') ?? letters;
}

/** A new one for a person, with what the database keeps of it. */
export async function issueOneTimePassword(cipher: FieldCipher, personId: string, now: number): Promise<Issue & { passwordHash: string }> {
  const made: Issue = { personId, issue: randomUUID(), until: now + A_WEEK };
  return { ...made, passwordHash: await hash(passwordOf(cipher, made)) };
}
