/** Numbers of certificates 证书编号. The ministry makes the rule (Art 19), so it is replaceable; numbers once given stay. */
import type { CertificateKind } from './certificate.js';
import { checkCharacter } from './id-document.js';

/** What a number is made of, beside its sequence. */
export interface CertificateToNumber {
  readonly kind: CertificateKind;
  /** Division of the issuer, six digits (GB/T 2260). */
  readonly divisionCode: string;
  /** Year of the day on the certificate. */
  readonly year: number;
}

export interface CertificateNumberRule {
  /** Within what sequences count, each from 1 without a gap. */
  series(of: CertificateToNumber): string;
  /** Of two certificates of one series no number is equal. @throws RangeError when the sequence does not fit */
  number(of: CertificateToNumber, sequence: number): string;
}

/** Unlike the letters of student numbers (G, J, L). */
const LETTERS: Readonly<Record<CertificateKind, string>> = {
  graduation: 'B',
  completion: 'C',
  attestation: 'E',
  studying: 'T',
  partialStudy: 'Y',
};

const MOST = 9_999_999;

/** Letter of the kind, division (6), year (4), sequence (7), and the check character of GB 11643, which tells a slip of the pen. */
export const NATIONAL_NUMBERS: CertificateNumberRule = {
  series: ({ kind, divisionCode, year }) => `${LETTERS[kind]}${divisionCode}${year}`,
  number(of, sequence) {
    if (!/^[0-9]{6}$/.test(of.divisionCode)) throw new RangeError('a division code has six digits');
    if (!Number.isInteger(of.year) || of.year < 1949 || of.year > 9999) throw new RangeError(`no year: ${of.year}`);
    if (!Number.isInteger(sequence) || sequence < 1 || sequence > MOST) throw new RangeError(`no sequence from 1 to ${MOST}: ${sequence}`);
    const digits = `${of.divisionCode}${of.year}${String(sequence).padStart(7, '0')}`;
    return `${LETTERS[of.kind]}${digits}${checkCharacter(digits)}`;
  },
};

/** Whether a text can be a number of the national rule; letters in upper case. */
export const isCertificateNumber = (text: string): boolean =>
  /^[BCETY][0-9]{17}[0-9X]$/.test(text) && checkCharacter(text.slice(1, 18)) === text[18];
