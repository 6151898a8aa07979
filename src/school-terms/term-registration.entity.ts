import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { PlainDate } from '../domain/working-days.js';

/** A registration of a student in a term: a copy of the acts in the stream of the term. */
@Entity()
export class TermRegistration {
  @PrimaryColumn('uuid')
  studentId: string;

  /** In which the school year begins. */
  @PrimaryColumn('int')
  year: number;

  /** First or second term of the school year. */
  @PrimaryColumn('int')
  nth: number;

  @ForeignKey('SchoolTerm')
  @PrimaryColumn('uuid')
  termId: string;

  /** Of the act, which says by whom. */
  @PrimaryColumn('int')
  seq: number;

  @Column('uuid')
  schoolId: string;

  @ForeignKey('Enrolment')
  @Column('uuid')
  enrolmentId: string;

  @Column('timestamptz')
  registeredAt: Date;

  /** Of the term, as it stood then. */
  @Column('date')
  firstDay: PlainDate;

  /** Within which students register, as it stood then. */
  @Column('int')
  workingDays: number;

  /** The last day to register as it stood then: so many working days after the first day. */
  @Column('date')
  dueDate: PlainDate;

  /** Registered after the last day. */
  @Column('boolean')
  late: boolean;

  /** The act that retracted it. */
  @Column('int', { nullable: true })
  retractedSeq: number | null;

  @Column('timestamptz', { nullable: true })
  retractedAt: Date | null;
}
