/**
 * The student number (学籍号, Art 3, R-03): 19 characters, one person one number, lifelong.
 * No function takes a number and gives another, because no transfer, new name or new identity document changes it.
 * - `G` + the 18 characters of the resident identity number;
 * - `J` + an 18-character code, for persons without a resident identity number;
 * - `L` + an 18-character code, provisional, before the identity is authenticated. A formal number replaces it once.
 * The code of the default scheme is division code of the school (6) + year of entry (4) + sequence (7) + check character (1).
 * The check character is that of GB 11643 (ISO 7064 MOD 11-2). The sequence counts within division and year, and no number is issued twice.
 */
import { checkCharacter, type DocumentType, parseResidentId } from './id-document.js';
import type { PlainDate } from '../working-days.js';

export type StudentNumber = string & { readonly __brand: 'StudentNumber' };
export type StudentNumberKind = 'residentId' | 'code' | 'provisional';

/** From what a code is made: the division of the school, the year of entry and a number used once within both. */
export interface NumberIssue {
  divisionCode: string;
  year: number;
  sequence: number;
}

/** How a province numbers persons without a resident identity number; replaceable. Codes have 18 characters 0–9, A–Z. */
export interface NumberScheme {
  /** Document types whose number itself becomes the student number, behind G. */
  readonly numberedByDocument: readonly DocumentType[];
  /** Throws RangeError when the issue does not fit. */
  code(issue: NumberIssue): string;
  isCode(text: string): boolean;
}

export const SEQUENCE_SCHEME: NumberScheme = {
  numberedByDocument: ['residentId'],
  code({ divisionCode, year, sequence }) {
    if (!/^[0-9]{6}$/.test(divisionCode)) throw new RangeError('a division code has six digits');
    if (!isWithin(year, 1949, 9999)) throw new RangeError(`no year of entry: ${year}`);
    if (!isWithin(sequence, 1, 9_999_999)) throw new RangeError(`no sequence from 1 to 9999999: ${sequence}`);
    const body = divisionCode + String(year) + String(sequence).padStart(7, '0');
    return body + checkCharacter(body);
  },
  isCode: (text) => /^[0-9]{17}[0-9X]$/.test(text) && checkCharacter(text.slice(0, 17)) === text[17],
};

/** A number once given stays valid, so the birth date in it is held against the end of time and not against today. */
const END_OF_TIME: PlainDate = '9999-12-31';

const KINDS = { G: 'residentId', J: 'code', L: 'provisional' } as const;

/** The number in the text, letters in upper case, or undefined when its form or its check character is wrong. */
export function parseStudentNumber(text: string, scheme: NumberScheme = SEQUENCE_SCHEME): StudentNumber | undefined {
  const number = text.trim().replace(/[a-z]/g, (letter) => letter.toUpperCase());
  if (!/^[GJL][0-9A-Z]{18}$/.test(number)) return undefined;
  const rest = number.slice(1);
  const valid = number.startsWith('G') ? parseResidentId(rest, END_OF_TIME) !== undefined : scheme.isCode(rest);
  return valid ? (number as StudentNumber) : undefined;
}

export function kindOfStudentNumber(number: StudentNumber): StudentNumberKind {
  return KINDS[number[0] as keyof typeof KINDS];
}

/**
 * The formal number of a person whose identity is authenticated: from the document where the scheme says so, else from the issue.
 * Throws RangeError when the document's number is not one, or when the issue does not fit: both were checked at the intake.
 */
export function formalNumberFor(
  document: { type: DocumentType; number: string },
  issue: NumberIssue,
  scheme: NumberScheme = SEQUENCE_SCHEME,
): StudentNumber {
  if (!scheme.numberedByDocument.includes(document.type)) return `J${scheme.code(issue)}` as StudentNumber;
  const residentId = parseResidentId(document.number, END_OF_TIME);
  if (residentId === undefined) throw new RangeError(`not the number of a ${document.type}`);
  return `G${residentId.number}` as StudentNumber;
}

/** The number that stands on the dossier until the identity is authenticated. */
export function provisionalNumberFor(issue: NumberIssue, scheme: NumberScheme = SEQUENCE_SCHEME): StudentNumber {
  return `L${scheme.code(issue)}` as StudentNumber;
}

function isWithin(n: number, min: number, max: number): boolean {
  return Number.isInteger(n) && n >= min && n <= max;
}
