import { hash } from '@node-rs/argon2';
import { randomCode } from '../platform/access/random-code.js';

const A_WEEK = 7 * 24 * 3_600_000;
const BITS = 100;

/** A new one-time password with what the database keeps of it. */
export interface Issued {
  /** A hundred bits, in groups of four. It stands nowhere. */
  readonly password: string;
  readonly passwordHash: string;
  readonly until: Date;
}

export async function issueOneTimePassword(now: number): Promise<Issued> {
  const password = randomCode(BITS);
  return { password, passwordHash: await hash(password), until: new Date(now + A_WEEK) };
}
