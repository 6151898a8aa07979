import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { DocumentType } from '../domain/dossier/id-document.js';

/** A document that a student had before; written by a trigger, so that no change of a document can forget it. */
@Entity()
export class FormerDocument {
  @ForeignKey('Student')
  @PrimaryColumn('uuid')
  studentId: string;

  @Column('text')
  documentType: DocumentType;

  /** Encrypted. */
  @Column('bytea')
  documentCipher: Buffer;

  /** Keyed digest of type and number. */
  @PrimaryColumn('bytea')
  documentIndex: Buffer;

  /** When another document took its place. */
  @Column('timestamptz')
  until: Date;
}
