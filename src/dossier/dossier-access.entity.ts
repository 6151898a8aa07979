import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** A read of something that names a student 查阅记录: ids alone. No foreign keys, because a read should lock no row of a student. */
@Entity()
export class DossierAccess {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  id: string;

  @Column('timestamptz')
  at: Date;

  /** How the person came to read. */
  @Column('text')
  what: 'lookup' | 'student' | 'dossier' | 'evidence' | 'unmasking' | 'subject' | 'export' | 'certificate' | 'signInCode';

  /** Null of evidence that no request names. */
  @Column('uuid', { nullable: true })
  studentId: string | null;

  @Column('uuid', { nullable: true })
  evidenceId: string | null;

  @Column('uuid')
  personId: string;

  /** Offices that the person held in that moment, as `[{office, organisationId}]`. */
  @Column('jsonb')
  offices: unknown;

  /** Place among the person's reads, from 1. */
  @Column({ type: 'int', insert: false, update: false })
  seq: number;

  /** SHA-256 over the hash of the person's read before it and all that the record says; made by a trigger. */
  @Column({ type: 'bytea', insert: false, update: false })
  hash: Buffer;
}
