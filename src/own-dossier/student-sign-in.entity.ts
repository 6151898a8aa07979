import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** A one-time code by which a student or guardian signs in, as an office handed it out. */
@Entity()
export class StudentSignIn {
  @PrimaryColumn('uuid')
  id: string;

  @ForeignKey('Student')
  @Column('uuid')
  studentId: string;

  /** Whom the code was handed to. */
  @Column('text')
  holder: 'student' | 'guardian';

  /** Keyed digest of code and student; the code itself is nowhere. */
  @Column('bytea')
  codeHash: Buffer;

  @ForeignKey('Person')
  @Column('uuid')
  issuedBy: string;

  /** In whose name: the school, or the authority of a leaver's dossier. */
  @ForeignKey('Organisation')
  @Column('uuid')
  issuedIn: string;

  @Column('timestamptz')
  issuedAt: Date;

  @Column('timestamptz')
  expiresAt: Date;

  /** Counted before the code is compared; after five of them it opens nothing. */
  @Column('int')
  attempts: number;

  @Column('timestamptz', { nullable: true })
  usedAt: Date | null;

  /** When a later code for the same holder took its place. */
  @Column('timestamptz', { nullable: true })
  replacedAt: Date | null;
}
