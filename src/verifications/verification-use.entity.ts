import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** A verification that matched 核验记录, for the student's eyes. No foreign keys, because asking should lock no row of a student. */
@Entity()
export class VerificationUse {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  id: string;

  @Column('timestamptz')
  at: Date;

  @Column('uuid')
  studentId: string;

  /** Null where it was by the number of a certificate. */
  @Column('uuid', { nullable: true })
  codeId: string | null;

  @Column('text')
  purpose: 'enrolment' | 'graduation';
}
