import { randomBytes } from 'node:crypto';

/** Without what is easily mistaken for something else. Thirty-two, so that each is as likely as every other. */
const LETTERS = 'abcdefghijkmnpqrstuvwxyz23456789';
const BITS_OF_A_LETTER = 5;

/** A code for people to type, of at least so many random bits, in groups of four letters. */
export function randomCode(bits: number): string {
  const letters = [...randomBytes(Math.ceil(bits / BITS_OF_A_LETTER))].map((byte) => LETTERS[byte % LETTERS.length]).join('');
  return letters.match(/.{1,4}/g)?.join('-') ?? letters;
}

/** As it is compared: however large and in whatever groups it was typed. */
export const typedCode = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
