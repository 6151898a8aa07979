import { randomBytes } from 'node:crypto';
import { hash } from '@node-rs/argon2';

const A_WEEK = 7 * 24 * 3_600_000;
/** Without what is easily mistaken for something else. Thirty-two, so that each is as likely as every other. */
const LETTERS = 'abcdefghijkmnpqrstuvwxyz23456789';
const LENGTH = 20;

/** A new one-time password with what the database keeps of it. */
export interface Issued {
  /** A hundred bits, in groups of four. It stands nowhere. */
  readonly password: string;
  readonly passwordHash: string;
  readonly until: Date;
}

export async function issueOneTimePassword(now: number): Promise<Issued> {
  const letters = [...randomBytes(LENGTH)].map((byte) => LETTERS[byte % LETTERS.length]).join('');
  const password = letters.match(/.{4}/g)?.join('-') ?? letters;
  return { password, passwordHash: await hash(password), until: new Date(now + A_WEEK) };
}
