import { FIELD_FAULTS } from '../../domain/messages/field-faults.js';
import type { Words } from '../../domain/messages/words.js';
/** Whose password it is to be: what others know of the person, and the passwords that it must not be again. */
export interface Known {
  readonly username: string;
  readonly displayName: string;
  /** Names and codes of the organisations. */
  readonly organisations: readonly string[];
  readonly before: string;
}

/** Fewer characters beside blanks and invisible ones are refused. */
const LEAST = 12;
const LEAST_DIFFERENT = 5;
/** What must be left of a password beside names that everybody knows. */
const LEAST_BESIDE_NAMES = 8;
/** Of its steps from one character to the next, so many go along the alphabet, the digits or a row of the keyboard. */
const MOST_IN_ROWS = 0.75;
const LONGEST_PERIOD = 6;

const ROWS = ['abcdefghijklmnopqrstuvwxyz', '01234567890', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm'];
const NEXT = new Set(ROWS.flatMap((row) => [...row].slice(1).flatMap((char, nth) => [`${row[nth]}${char}`, `${char}${row[nth]}`])));

const shown = (text: string): string => text.normalize('NFKC').replace(/[\s\p{C}\p{Default_Ignorable_Code_Point}]/gu, '');
const bare = (text: string): string => shown(text).toLowerCase();
const letters = (text: string): string => bare(text).replace(/[^\p{L}\p{N}]/gu, '');

function isInRows(chars: readonly string[]): boolean {
  const along = chars.slice(1).filter((char, nth) => NEXT.has(`${chars[nth]}${char}`)).length;
  return along >= (chars.length - 1) * MOST_IN_ROWS;
}

const repeatsItself = (chars: readonly string[]): boolean =>
  Array.from({ length: LONGEST_PERIOD }, (_, n) => n + 1).some((period) => chars.slice(period).every((char, nth) => char === chars[nth]));

/** Without the digits and signs at both ends, by which people make a common word long enough. */
const core = (text: string): string => bare(text).replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '');

function isCommon(password: string, common: ReadonlySet<string>): boolean {
  const [whole, inner] = [letters(password), core(password)];
  const half = whole.slice(0, whole.length / 2);
  return [bare(password), whole, inner, letters(inner), `${half}${half}` === whole ? half : ''].some((one) => common.has(one));
}

function besideNames(password: string, { username, displayName, organisations }: Known): number {
  const names = [username, displayName, ...organisations, 'xueji', '学籍'].map(letters).filter((name) => [...name].length >= 2);
  const left = names.sort((a, b) => b.length - a.length).reduce((rest, name) => rest.replaceAll(name, ''), letters(password));
  return [...left].length;
}

/**
 * Why a password is refused, or undefined when it is fit.
 * @param common passwords that many people have, in lower case
 */
export function weaknessOf(password: string, known: Known, common: ReadonlySet<string>): Words | undefined {
  const chars = [...bare(password)];
  if (chars.length < LEAST) return FIELD_FAULTS.tooShortPassword(LEAST);
  if (new Set(chars).size < LEAST_DIFFERENT) return FIELD_FAULTS.fewCharacters(LEAST_DIFFERENT);
  if (repeatsItself(chars)) return FIELD_FAULTS.repeated;
  if (isInRows(chars)) return FIELD_FAULTS.inRows;
  if (letters(password) === letters(known.before)) return FIELD_FAULTS.likeBefore;
  if (isCommon(password, common)) return FIELD_FAULTS.common;
  if (besideNames(password, known) < LEAST_BESIDE_NAMES) return FIELD_FAULTS.ofNames;
  return undefined;
}
