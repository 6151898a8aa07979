/** Identity documents (身份证件) and the names on them: what a number alone can prove. Authentication asks elsewhere. */
import { parsePlainDate, type PlainDate } from '../working-days.js';

export type Sex = 'male' | 'female';

/** What GB 11643 packs into a resident identity number (公民身份号码). */
export interface ResidentId {
  /** 18 characters, a trailing x written X. */
  number: string;
  birthDate: PlainDate;
  sex: Sex;
  /** The county-level code at first registration: it may have been abolished since, so no list of today can refuse it. */
  divisionCode: string;
}

/** The closed registry of document types. */
export const DOCUMENT_TYPES = {
  residentId: { zh: '居民身份证', en: 'Resident identity card' },
  hkMacaoPermit: { zh: '港澳居民来往内地通行证', en: 'Mainland travel permit for Hong Kong and Macao residents' },
  taiwanPermit: { zh: '台湾居民来往大陆通行证', en: 'Mainland travel permit for Taiwan residents' },
  hkMacaoTaiwanResidence: { zh: '港澳台居民居住证', en: 'Residence permit for Hong Kong, Macao and Taiwan residents' },
  passport: { zh: '护照', en: 'Passport' },
  permanentResidence: { zh: '外国人永久居留身份证', en: 'Permanent residence card for foreigners' },
  other: { zh: '其他', en: 'Other' },
} as const;

export type DocumentType = keyof typeof DOCUMENT_TYPES;

/** Everything that can be wrong with a document number. */
export const DOCUMENT_PROBLEMS = [
  'document-format',
  'document-check-digit',
  'document-province-unknown',
  'document-birth-date-invalid',
  'document-type-differs',
  'document-birth-date-differs',
  'document-sex-differs',
] as const;
export type DocumentProblem = (typeof DOCUMENT_PROBLEMS)[number];

/** What the register says of the person; what it does not know yet is left out and not compared. */
export interface DocumentHolder {
  birthDate?: PlainDate;
  sex?: Sex;
  today: PlainDate;
}

/** The first two digits of a number, by GB/T 2260; 81 to 83 are the residence permits of Hong Kong, Macao and Taiwan residents. */
const PROVINCES = new Set(
  '11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83'.split(' '),
);
const RESIDENCE_PERMIT = /^8[123]/;
/** Nobody in a school was born before; older dates are slips of the pen. */
const EARLIEST_BIRTH: PlainDate = '1900-01-01';

/** The resident identity number in the text, or undefined when it cannot be one on the day `today`. Full-width digits are refused. */
export function parseResidentId(text: string, today: PlainDate): ResidentId | undefined {
  const number = normaliseDocumentNumber(text);
  return residentIdProblem(number, today) === undefined ? readResidentId(number) : undefined;
}

/** The first thing wrong with a document number, as a code, or undefined. The number is normalised before it is judged. */
export function documentProblem(type: DocumentType, text: string, holder: DocumentHolder): DocumentProblem | undefined {
  const number = normaliseDocumentNumber(text);
  if (type === 'residentId' || type === 'hkMacaoTaiwanResidence') return residentNumberProblem(type, number, holder);
  if (type === 'permanentResidence') return permanentResidenceProblem(number, holder);
  if (!FORMS[type].test(number)) return 'document-format';
  // Under another type the same person would be somebody else.
  return type === 'other' && residentIdProblem(number, holder.today) === undefined ? 'document-type-differs' : undefined;
}

/** The number as it is stored and compared: no spaces around it, the letters a to z in upper case, nothing else changed. */
export function normaliseDocumentNumber(text: string): string {
  return text.trim().replace(/[a-z]/g, (letter) => letter.toUpperCase());
}

/** Permits whose last two digits count their renewals. */
const RENEWED: Partial<Record<DocumentType, RegExp>> = {
  hkMacaoPermit: /^[HM][0-9]{8}(?=[0-9]{2}$)/,
  taiwanPermit: /^[0-9]{8}(?=[0-9]{2}$)/,
};

/** Whom a document names, as a text to compare by: its type and the part of its number that a renewal leaves alone. */
export function documentKey({ type, number }: { readonly type: string; readonly number: string }): string {
  const normal = normaliseDocumentNumber(number);
  return `${type}:${RENEWED[type as DocumentType]?.exec(normal)?.[0] ?? normal}`;
}

/** The check character of GB 11643 (ISO 7064 MOD 11-2) for a body of 17 digits. */
export function checkCharacter(body: string): string {
  let sum = 0;
  for (const digit of body) sum = (sum + Number(digit)) * 2;
  return '0123456789X'[(12 - (sum % 11)) % 11]!;
}

/** Numbers of the documents without a check character. Old two-digit issue counts after the number of a permit are let in. */
const FORMS: Record<'hkMacaoPermit' | 'taiwanPermit' | 'passport' | 'other', RegExp> = {
  hkMacaoPermit: /^[HM][0-9]{8}([0-9]{2})?$/,
  taiwanPermit: /^[0-9]{8}([0-9]{2})?$/,
  passport: /^(?=.*[0-9])[A-Z0-9]{5,15}$/,
  other: /^[A-Z0-9\p{Script=Han}](?:[A-Z0-9\p{Script=Han} ()/-]{0,38}[A-Z0-9\p{Script=Han})])?$/u,
};
/** Until 2023: the country in three letters, and twelve digits. */
const OLD_PERMANENT_RESIDENCE = /^[A-Z]{3}[0-9]{12}$/;

function residentNumberProblem(type: DocumentType, number: string, holder: DocumentHolder): DocumentProblem | undefined {
  const problem = residentIdProblem(number, holder.today);
  if (problem !== undefined) return problem;
  if (RESIDENCE_PERMIT.test(number) !== (type === 'hkMacaoTaiwanResidence')) return 'document-type-differs';
  const { birthDate, sex } = readResidentId(number);
  if (holder.birthDate !== undefined && holder.birthDate !== birthDate) return 'document-birth-date-differs';
  if (holder.sex !== undefined && holder.sex !== sex) return 'document-sex-differs';
  return undefined;
}

/** Since December 2023 the card has 18 characters built like a resident's, with 9 in front and the country in place of the county. */
function permanentResidenceProblem(number: string, holder: DocumentHolder): DocumentProblem | undefined {
  if (OLD_PERMANENT_RESIDENCE.test(number)) return undefined;
  if (!number.startsWith('9')) return 'document-format';
  const problem = bodyProblem(number, holder.today);
  if (problem !== undefined) return problem;
  if (holder.birthDate !== undefined && holder.birthDate !== birthDateIn(number)) return 'document-birth-date-differs';
  return undefined;
}

function residentIdProblem(number: string, today: PlainDate): DocumentProblem | undefined {
  return bodyProblem(number, today) ?? (PROVINCES.has(number.slice(0, 2)) ? undefined : 'document-province-unknown');
}

function bodyProblem(number: string, today: PlainDate): DocumentProblem | undefined {
  if (!/^[0-9]{17}[0-9X]$/.test(number)) return 'document-format';
  if (checkCharacter(number.slice(0, 17)) !== number[17]) return 'document-check-digit';
  const birthDate = parsePlainDate(birthDateIn(number));
  if (birthDate === undefined || birthDate < EARLIEST_BIRTH || birthDate > today) return 'document-birth-date-invalid';
  return undefined;
}

function readResidentId(number: string): ResidentId {
  const sex = Number(number[16]) % 2 === 1 ? 'male' : 'female';
  return { number, birthDate: birthDateIn(number), sex, divisionCode: number.slice(0, 6) };
}

function birthDateIn(number: string): string {
  return `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`;
}

/** Dots that people type in the names of minorities for the standard one, U+00B7: bullets, katakana dots, operators, full-width stops. */
const MIDDLE_DOT_LOOKALIKES = /[\u2022\u2027\u2219\u22c5\u2e31\u2e33\u30fb\uff65\uff0e\ufe52]/g;
/** Between Han a plain full stop is such a dot too, and no spaces stand around it; in Latin names both stay. */
const DOT_BETWEEN_HAN = /(?<=\p{Script=Han})\s*[.\u00b7]\s*(?=\p{Script=Han})/gu;
/** Characters without a shape that slip in when a name is pasted; the joiners of other scripts and variation selectors stay. */
const INVISIBLE = /[\u200b\u2060\ufeff\u00ad]/g;

/**
 * The name as it is stored and compared: NFC, one kind of middle dot, single spaces inside and none around. Rare Han are kept as they
 * are, in every plane; NFC folds only the duplicates that Unicode itself declares equal. Case and word order stay: they are the person's.
 */
export function normaliseName(text: string): string {
  const composed = text.replace(INVISIBLE, '').normalize('NFC').replace(/\s+/g, ' ').trim();
  return composed.replace(MIDDLE_DOT_LOOKALIKES, '\u00b7').replace(DOT_BETWEEN_HAN, '\u00b7');
}

/** The first character, then one * for each further one (欧阳娜娜 → 欧***); a name of one character is hidden whole. */
export function maskName(name: string): string {
  const characters = name.match(/\P{M}\p{M}*/gu) ?? [];
  if (characters.length <= 1) return '*'.repeat(characters.length);
  return characters[0] + '*'.repeat(characters.length - 1);
}

/**
 * The last two characters at most. A resident identity number holds division, birth date and sex, and its last character follows
 * from the rest. So each digit more would be a step to the whole.
 */
export function maskDocument(number: string): string {
  const shown = Math.min(2, Math.floor(number.length / 4));
  return '*'.repeat(number.length - shown) + number.slice(number.length - shown);
}

/** The year alone: the day would be eight digits of the identity number. */
export const maskBirthDate = (date: PlainDate): string => `${date.slice(0, 4)}-**-**`;

/** What the mask of a birth date leaves, by which ages are judged in sets. */
export const yearOfBirth = (date: PlainDate): number => Number(date.slice(0, 4));

/** A student number 学籍号 with G holds the document's number, and is masked as that is. A code (J, L) says nothing of the person. */
export const maskStudentNumber = (number: string): string => (number.startsWith('G') ? `G${maskDocument(number.slice(1))}` : number);
