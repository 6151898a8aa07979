import type { FieldCipher } from '../platform/database/field-cipher.js';

export const addressPlace = (personId: string): string => `person.email:${personId}`;

/** The address that a person has set, if any. */
export const addressOf = (cipher: FieldCipher, personId: string, sealed: Buffer | null): string | null =>
  sealed && cipher.decrypt(sealed, addressPlace(personId));
