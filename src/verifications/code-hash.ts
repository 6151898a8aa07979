import { typedCode } from '../platform/access/random-code.js';
import type { FieldCipher } from '../platform/database/field-cipher.js';

/** What the database keeps of a verification code. */
export const codeHash = (cipher: FieldCipher, code: string): Buffer => cipher.index('verificationCode', typedCode(code));
