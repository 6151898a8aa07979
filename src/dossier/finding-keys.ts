import { beginningsOf, numberEndingOf, typedBeginning } from '../domain/dossier/finding.js';
import type { FieldCipher } from '../platform/database/field-cipher.js';

/** Bytes of a digest: a school has some thousand students, and no two of 2^64 values meet by chance. */
const BYTES = 8;

const keyed = (cipher: FieldCipher, field: 'nameBeginning' | 'numberEnding', value: string): Buffer =>
  cipher.index(field, value).subarray(0, BYTES);

/** Keyed digests of the beginnings of the name, and of the end of the student number (docs/decisions/0050). */
export const findingKeysOf = (cipher: FieldCipher, { name, studentNumber }: { name: string; studentNumber: string }): Buffer[] => [
  ...beginningsOf(name).map((beginning) => keyed(cipher, 'nameBeginning', beginning)),
  keyed(cipher, 'numberEnding', numberEndingOf(studentNumber)),
];

/** The keys that a student must have to be found by what was typed. */
export const typedKeysOf = (cipher: FieldCipher, { name, numberEnding }: { name?: string; numberEnding?: string }): Buffer[] => [
  ...(name === undefined ? [] : [keyed(cipher, 'nameBeginning', typedBeginning(name))]),
  ...(numberEnding === undefined ? [] : [keyed(cipher, 'numberEnding', numberEndingOf(numberEnding))]),
];
