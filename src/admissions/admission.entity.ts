import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { DocumentType } from '../domain/dossier/id-document.js';

/** Somebody who was admitted: a row of a list, never changed. Personal values are encrypted. */
@Entity()
export class Admission {
  @ForeignKey('AdmissionList')
  @PrimaryColumn('uuid')
  listId: string;

  /** As the list counts, from 1. */
  @PrimaryColumn('int')
  row: number;

  @Column('text')
  majorCode: string;

  /** The name with all but its first character hidden. */
  @Column('text')
  maskedName: string;

  /** Encrypted. */
  @Column('bytea')
  nameCipher: Buffer;

  @Column('text')
  documentType: DocumentType;

  /** Encrypted. */
  @Column('bytea')
  documentCipher: Buffer;

  /** Keyed digest of type and number, by which a student is matched. */
  @Column('bytea')
  documentIndex: Buffer;
}
