import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { DocumentType, Sex } from '../domain/dossier/id-document.js';

/** How the identity document is authenticated. */
export type Authentication = 'pending' | 'confirmed' | 'attested';

/** A student 学生: who the person is. Personal values are encrypted. */
@Entity()
export class Student {
  @PrimaryColumn('uuid')
  id: string;

  /** Student number 学籍号, encrypted. */
  @Column('bytea')
  numberCipher: Buffer;

  /** Keyed digest (HMAC) for exact look-ups. */
  @Column('bytea')
  numberIndex: Buffer;

  @Column('text')
  documentType: DocumentType;

  /** Document number, encrypted. */
  @Column('bytea')
  documentCipher: Buffer;

  /** Keyed digest of type and number of the document. */
  @Column('bytea')
  documentIndex: Buffer;

  /** Encrypted. */
  @Column('bytea')
  nameCipher: Buffer;

  /** Keyed digest of the name. */
  @Column('bytea')
  nameIndex: Buffer;

  /** The name with all but its first character hidden, for lists. */
  @Column('text')
  maskedName: string;

  @Column('text')
  sex: Sex;

  /** Encrypted. */
  @Column('bytea')
  birthDateCipher: Buffer;

  /** The year of the birth date, which its mask shows; rules of data checks judge ages by it. */
  @Column('int')
  birthYear: number;

  @Column('timestamptz')
  changedAt: Date;

  /**
   * `own`: the document belongs to this row. `contested`: a duplicate that is held or was not kept. `shared`: two persons by a
   * ruling, the document still to be put right.
   */
  @Column('text')
  documentStanding: 'own' | 'contested' | 'shared';

  /** The dossier of the same person that a ruling kept (Art 11); this one stays as it was. */
  @ForeignKey('Student')
  @Column('uuid', { nullable: true })
  mergedInto: string | null;

  /** Keyed digests of the beginnings of the name and of the end of the number, by which the own school finds its students. */
  @Column('bytea', { array: true })
  findingKeys: Buffer[];

  /**
   * Of the identity document. `confirmed`: by the population service. `attested`: by a reviewer of the authority, who saw an
   * original. `pending`: by neither, so the number stays provisional.
   */
  @Column('text')
  authentication: Authentication;
}
