import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { Office } from '../domain/offices.js';

interface OfficeThere {
  readonly office: Office;
  readonly organisationId: string;
}

/** A file of evidence 证明材料. */
@Entity('evidence')
export class EvidenceFile {
  @PrimaryColumn('uuid')
  id: string;

  /** Of the content, in hexadecimal: the name of the stored file. */
  @Column('text')
  sha256: string;

  /** Bytes. */
  @Column('bigint')
  size: string;

  /** The file's name, encrypted, because it may name the student. */
  @Column('bytea')
  nameCipher: Buffer;

  /** Media type, as the content says. */
  @Column('text')
  type: string;

  @ForeignKey('Person')
  @Column('uuid')
  uploadedBy: string;

  /** Organisations in whose name it was uploaded: who may read it before a request holds it. */
  @Column('uuid', { array: true })
  organisationIds: string[];

  @Column('timestamptz')
  uploadedAt: Date;

  /** Of a PDF. */
  @Column('int', { nullable: true })
  pages: number | null;

  /** What the scanner said before the file was kept; `notScanned` where none is configured. */
  @Column('text')
  scan: 'clean' | 'notScanned';

  /** In which the uploader handled or supervised cases then: offices and organisations, own ones and those stood in for. */
  @Column('jsonb')
  offices: OfficeThere[];
}
