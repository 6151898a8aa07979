import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

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
}
