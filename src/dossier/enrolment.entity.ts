import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { EnrolmentState } from '../domain/dossier/dossier.js';
import type { PlainDate } from '../domain/working-days.js';

/** An enrolment 学籍 of a student at a school; at most one is held (Art 10). */
@Entity()
export class Enrolment {
  @PrimaryColumn('uuid')
  id: string;

  @ForeignKey('Student')
  @Column('uuid')
  studentId: string;

  @ForeignKey('Organisation')
  @Column('uuid')
  schoolId: string;

  /** `active` and `suspended` are held. */
  @Column('text')
  state: EnrolmentState;

  /** Of the national catalogue. */
  @Column('text', { nullable: true })
  majorCode: string | null;

  /** The year of intake of the class. */
  @Column('text')
  grade: string;

  @Column('text', { nullable: true })
  className: string | null;

  @Column('text')
  studyMode: string;

  /** Years of study, in halves. */
  @Column('numeric', { precision: 2, scale: 1 })
  lengthYears: string;

  /** The day of entry. */
  @Column('date')
  enrolledOn: PlainDate;

  @Column('date')
  expectedLeavingOn: PlainDate;

  /** The first day at this school. */
  @Column('date')
  validFrom: PlainDate;

  /** The last day, inclusive; null while it lasts. */
  @Column('date', { nullable: true })
  validTo: PlainDate | null;

  @Column('timestamptz')
  recordedAt: Date;

  /** The request that opened it, where one did. */
  @Column('uuid', { nullable: true })
  openedBy: string | null;

  /** The request that ended it. */
  @Column('uuid', { nullable: true })
  closedBy: string | null;

  /** The first day on which it stands as it does now. */
  @Column('date')
  since: PlainDate;

  /** The last day of a suspension. */
  @Column('date', { nullable: true })
  suspendedUntil: PlainDate | null;

  @Column('timestamptz')
  changedAt: Date;

  /** The request of the last change. */
  @Column('uuid', { nullable: true })
  changedBy: string | null;

  /** The authority that keeps the dossier of a leaver since the school closed (Art 12). */
  @ForeignKey('Organisation')
  @Column('uuid', { nullable: true })
  custodianId: string | null;

  /** The first day in the class where it was placed apart from other changes; else the class is as old as `since`. */
  @Column('date', { nullable: true })
  classSince: PlainDate | null;

  /** 专业（技能）方向 of the major. */
  @Column('text', { nullable: true })
  majorDirection: string | null;

  /** 招生类型 kind of admission, a code. */
  @Column('text', { nullable: true })
  admissionKind: string | null;

  /** 生源类别: whence the student came, a code. */
  @Column('text', { nullable: true })
  origin: string | null;

  /** Programme across stages 贯通培养, a code. */
  @Column('text', { nullable: true })
  crossStage: string | null;

  /** 教学点 where the student is taught. */
  @Column('text', { nullable: true })
  teachingSite: string | null;

  /** 校内学号: the school's own number of the student. */
  @Column('text', { nullable: true })
  numberAtSchool: string | null;

  /** The import that brought it in from before this system; null where it began here. */
  @ForeignKey('Import')
  @Column('uuid', { nullable: true })
  importId: string | null;
}
