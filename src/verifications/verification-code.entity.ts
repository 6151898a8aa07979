import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** A code that a student gives to whom it may concern, who verifies a name by it (Art 23). */
@Entity()
export class VerificationCode {
  @PrimaryColumn('uuid')
  id: string;

  @ForeignKey('Student')
  @Column('uuid')
  studentId: string;

  /** What it verifies: that the student is enrolled 在读, or has graduated. */
  @Column('text')
  purpose: 'enrolment' | 'graduation';

  /** Keyed digest of the code; the code itself is nowhere. */
  @Column('bytea')
  codeHash: Buffer;

  @Column('timestamptz')
  issuedAt: Date;

  @Column('timestamptz')
  expiresAt: Date;

  @Column('timestamptz', { nullable: true })
  revokedAt: Date | null;
}
