import type { DataSource } from 'typeorm';
import type { FieldCipher } from '../platform/database/field-cipher.js';
import { lookUp } from '../platform/database/in-scope.js';
import { documentKey, normaliseName } from '../domain/dossier/id-document.js';
import type { IdentityAnswer, IdentityAuthentication, IdentityQuestion } from './identity.js';

/** A row of `population_register`: keyed digests, from which nobody reads a number or a name. */
export interface RegisteredIdentity {
  readonly documentIndex: Buffer;
  readonly nameIndex: Buffer;
}

export const registeredIdentity = (cipher: FieldCipher, { documentType, documentNumber, name }: IdentityQuestion): RegisteredIdentity => ({
  documentIndex: cipher.index('register.document', documentKey({ type: documentType, number: documentNumber })),
  nameIndex: cipher.index('register.name', normaliseName(name)),
});

/** Authentication against the table `population_register`: for the demonstration, and where no population service can be reached. */
export class LocalIdentity implements IdentityAuthentication {
  constructor(
    private readonly db: DataSource,
    private readonly cipher: FieldCipher,
  ) {}

  /** @throws what the database throws: the register is part of our own database, and without it nothing is recorded either */
  async check(question: IdentityQuestion): Promise<IdentityAnswer> {
    const { documentIndex, nameIndex } = registeredIdentity(this.cipher, question);
    const [row] = await lookUp<{ same: boolean }>(
      this.db,
      'system',
      'select name_index = $2 as same from population_register where document_index = $1',
      [documentIndex, nameIndex],
    );
    if (!row) return 'unknownDocument';
    return row.same ? 'matched' : 'nameDiffers';
  }
}
