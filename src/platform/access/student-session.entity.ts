import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** A session of a student or guardian, which opens the own dossier alone. */
@Entity()
export class StudentSession {
  /** SHA-256 of the token; the token itself is nowhere. */
  @PrimaryColumn('bytea')
  tokenHash: Buffer;

  @ForeignKey('Student')
  @Column('uuid')
  studentId: string;

  /** Whom the code was handed to. */
  @Column('text')
  holder: 'student' | 'guardian';

  @Column('timestamptz')
  createdAt: Date;

  @Column('timestamptz')
  expiresAt: Date;
}
