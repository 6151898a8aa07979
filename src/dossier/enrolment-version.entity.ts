import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { EnrolmentState } from '../domain/dossier/dossier.js';
import type { PlainDate } from '../domain/working-days.js';

/** A state of an enrolment from a day on, as it was recorded; written by a trigger, so that no writer can forget it. */
@Entity()
export class EnrolmentVersion {
  @ForeignKey('Enrolment')
  @PrimaryColumn('uuid')
  enrolmentId: string;

  /** From 1. */
  @PrimaryColumn('int')
  seq: number;

  @ForeignKey('Organisation')
  @Column('uuid')
  schoolId: string;

  @Column('text')
  state: EnrolmentState;

  @Column('text', { nullable: true })
  majorCode: string | null;

  @Column('text')
  grade: string;

  /** 招生类型 kind of admission, a code. */
  @Column('text', { nullable: true })
  admissionKind: string | null;

  /** 生源类别: whence the student came, a code. */
  @Column('text', { nullable: true })
  origin: string | null;

  @Column('text', { nullable: true })
  className: string | null;

  @Column('text')
  studyMode: string;

  /** Programme across stages 贯通培养, a code. */
  @Column('text', { nullable: true })
  crossStage: string | null;

  @Column('numeric', { precision: 2, scale: 1 })
  lengthYears: string;

  @Column('date')
  expectedLeavingOn: PlainDate;

  @Column('date', { nullable: true })
  suspendedUntil: PlainDate | null;

  /** The first day on which it stood so. */
  @Column('date')
  since: PlainDate;

  /** When this was recorded. */
  @Column('timestamptz')
  recordedAt: Date;

  /** The request that changed it. */
  @Column('uuid', { nullable: true })
  requestId: string | null;

  /** The last day of the enrolment, as this version has it. A later version of a leaver says another school, not another day. */
  @Column('date', { nullable: true })
  validTo: PlainDate | null;

  @Column('date', { nullable: true })
  classSince: PlainDate | null;

  /** The day of entry, as this version has it. */
  @Column('date')
  enrolledOn: PlainDate;

  /** 教学点 where the student is taught. */
  @Column('text', { nullable: true })
  teachingSite: string | null;

  /** 校内学号: the school's own number of the student. */
  @Column('text', { nullable: true })
  numberAtSchool: string | null;

  /** 专业（技能）方向 of the major. */
  @Column('text', { nullable: true })
  majorDirection: string | null;
}
