import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { DuplicateType } from '../domain/dossier/duplicates.js';
import type { PlainDate } from '../domain/working-days.js';

/** What became of a row in the case in which it was submitted. */
export type Review = 'approved' | 'returned' | 'heldBack';

/** A registration 注册 of a new student: a row of an intake (Art 6, 9). */
@Entity()
export class Registration {
  @PrimaryColumn('uuid')
  id: string;

  @ForeignKey('Student')
  @Column('uuid')
  studentId: string;

  @ForeignKey('Enrolment')
  @Column('uuid')
  enrolmentId: string;

  @ForeignKey('Organisation')
  @Column('uuid')
  schoolId: string;

  /** Types of duplicate found before registration; empty when it was clean. */
  @Column('text', { array: true })
  findings: DuplicateType[];

  /** The day on which the school reported. */
  @Column('date')
  reportedOn: PlainDate;

  /** After the last day to register. */
  @Column('boolean')
  late: boolean;

  /** Null where no person did. */
  @ForeignKey('Person')
  @Column('uuid', { nullable: true })
  registeredBy: string | null;

  @Column('timestamptz')
  recordedAt: Date;

  @ForeignKey('Intake')
  @Column('uuid')
  intakeId: string;

  /** The case in which it was last submitted for review; null before. */
  @ForeignKey('ChangeRequest')
  @Column('uuid', { nullable: true })
  requestId: string | null;

  /** Null until that case takes effect. */
  @Column('text', { nullable: true })
  review: Review | null;

  /** The step that returned it. */
  @Column('text', { nullable: true })
  reviewStep: string | null;

  /** Why it was returned. Encrypted, with the row and column as context. */
  @Column('bytea', { nullable: true })
  reviewReason: Buffer | null;

  /** Why it is held back, or can't be registered yet: a code. */
  @Column('text', { nullable: true })
  cause: string | null;

  /** When it was registered formally; null before. */
  @Column('timestamptz', { nullable: true })
  registeredAt: Date | null;

  /** The student's photograph, as it was handed in for this row. */
  @ForeignKey('EvidenceFile')
  @Column('uuid', { nullable: true })
  photographId: string | null;
}
