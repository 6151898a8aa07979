import type { FieldCipher } from '../platform/database/field-cipher.js';
import type { Transaction } from '../platform/database/in-scope.js';
import type { Identity } from '../domain/dossier/personal-facts.js';
import { findingKeysOf } from './finding-keys.js';
import { sealedNumber, type DocumentOwnership } from './personal.store.js';
import type { Authentication } from './student.entity.js';
import {
  documentKey,
  maskName,
  normaliseDocumentNumber,
  normaliseName,
  yearOfBirth,
  type DocumentType,
  type Sex,
} from '../domain/dossier/id-document.js';

export interface Document {
  readonly type: DocumentType;
  readonly number: string;
}

/** The identity of a person, in the clear; never kept so. */
export interface Person {
  readonly document: Document;
  /** The document that the person had before, as the school knows it. */
  readonly formerDocument?: Document;
  readonly name: string;
  readonly sex: Sex;
  readonly birthDate: string;
}

/** As it is stored and compared. */
export const normalisedPerson = ({ document, formerDocument, ...person }: Person): Person => ({
  ...person,
  name: normaliseName(person.name),
  document: { type: document.type, number: normaliseDocumentNumber(document.number) },
  ...(formerDocument ? { formerDocument: { type: formerDocument.type, number: normaliseDocumentNumber(formerDocument.number) } } : {}),
});

export const indexOf = {
  document: (cipher: FieldCipher, document: Document): Buffer => cipher.index('document', documentKey(document)),
  name: (cipher: FieldCipher, name: string): Buffer => cipher.index('name', name),
};

interface SealedRow {
  id: string;
  documentType: DocumentType;
  document: Buffer;
  name: Buffer;
  sex: Sex;
  birthDate: Buffer;
}

/** The identity on a student's row. */
export async function personOf(tx: Transaction, cipher: FieldCipher, id: string): Promise<Person> {
  const person = (await personsById(tx, cipher, [id])).get(id);
  if (!person) throw new Error(`no student ${id}`);
  return person;
}

/** The same of many students, by their ids. */
export async function personsById(tx: Transaction, cipher: FieldCipher, ids: readonly string[]): Promise<Map<string, Person>> {
  const rows = await tx.query<SealedRow[]>(
    `select id, document_type as "documentType", document_cipher as document, name_cipher as name, sex, birth_date_cipher as "birthDate"
      from student where id = any($1::uuid[])`,
    [ids],
  );
  return new Map(
    rows.map(({ id, documentType: type, document, name, sex, birthDate }) => [
      id,
      {
        document: { type, number: cipher.decrypt(document, `student.document:${id}`) },
        name: cipher.decrypt(name, `student.name:${id}`),
        sex,
        birthDate: cipher.decrypt(birthDate, `student.birthDate:${id}`),
      },
    ]),
  );
}

/** What a new row says besides the person. */
interface Entered {
  readonly number: string;
  readonly standing: DocumentOwnership;
  readonly authentication: Authentication;
  readonly now: Date;
}

/** A row of `student` under a provisional number. */
export const personRow = (cipher: FieldCipher, id: string, person: Person, { number, standing, authentication, now }: Entered): object => {
  const [numberCipher, numberIndex] = sealedNumber(cipher, id, number);
  return {
    id,
    numberCipher,
    numberIndex,
    ...sealed(cipher, id, person),
    changedAt: now,
    documentStanding: standing,
    authentication,
    findingKeys: findingKeysOf(cipher, { name: person.name, studentNumber: number }),
  };
};
/** Others whose own the document is. */
export const ownersOf = (tx: Transaction, cipher: FieldCipher, document: Document, except: readonly string[]): Promise<{ id: string }[]> =>
  tx.query(`select id from student where document_index = $1 and document_standing = 'own' and not id = any($2::uuid[])`, [
    indexOf.document(cipher, document),
    except,
  ]);

/** From facts of the identity. */
export const personFrom = ({ name, sex, birthDate, documentType, documentNumber }: Identity): Person => ({
  name,
  sex: sex as Sex,
  birthDate,
  document: { type: documentType as DocumentType, number: documentNumber },
});

/** As facts of the identity. */
export const factsOf = ({ document, name, sex, birthDate }: Person): Identity => ({
  name,
  sex,
  birthDate,
  documentType: document.type,
  documentNumber: document.number,
});

const sealed = (cipher: FieldCipher, id: string, { document, name, sex, birthDate }: Person) => ({
  documentType: document.type,
  documentCipher: cipher.encrypt(document.number, `student.document:${id}`),
  documentIndex: indexOf.document(cipher, document),
  nameCipher: cipher.encrypt(name, `student.name:${id}`),
  nameIndex: indexOf.name(cipher, name),
  maskedName: maskName(name),
  sex,
  birthDateCipher: cipher.encrypt(birthDate, `student.birthDate:${id}`),
  birthYear: yearOfBirth(birthDate),
});
