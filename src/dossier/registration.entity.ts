import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { DuplicateType } from '../domain/dossier/duplicates.js';
import type { PlainDate } from '../domain/working-days.js';

/** A registration 注册 of a new student (Art 6, 9). */
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
}
