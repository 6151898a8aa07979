import { Column, Entity, ForeignKey, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import type { PlainDate } from '../domain/working-days.js';

/** A statement about a student, never changed: from a day on a fact has this value, until one recorded later says otherwise (Art 16). */
@Entity()
export class StudentFact {
  @ForeignKey('Student')
  @PrimaryColumn('uuid')
  studentId: string;

  /** A fact of the identity has statements only once it was corrected; before, the row of the student holds. */
  @PrimaryColumn('text')
  fact: string;

  /** Encrypted. */
  @Column('bytea')
  valueCipher: Buffer;

  /** The first day. */
  @Column('date')
  validFrom: PlainDate;

  @Column('timestamptz')
  recordedAt: Date;

  /** Order of recording. */
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  seq: string;

  /** The correction that stated it. */
  @ForeignKey('ChangeRequest')
  @Column('uuid', { nullable: true })
  requestId: string | null;

  /** The value of `documentValidThrough`: rules of data checks compare it with today. Null for every other fact. */
  @Column('date', { nullable: true })
  day: PlainDate | null;
}
