import { typedCode } from '../platform/access/random-code.js';
import type { FieldCipher } from '../platform/database/field-cipher.js';

/** What the database keeps of a code: bound to its student, so that it opens no other dossier. */
export const signInHash = (cipher: FieldCipher, studentId: string, code: string): Buffer =>
  cipher.index('signInCode', `${studentId}:${typedCode(code)}`);
