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
  what: 'lookup' | 'student' | 'dossier' | 'evidence';

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
}
