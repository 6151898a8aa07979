import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { PlainDate } from '../domain/working-days.js';

/** What a graduation is drawn up for: students of a class, or the conversion 结业→毕业 of one. */
export type GraduationPurpose = 'class' | 'conversion';

/** A graduation 毕业批次: the students whom a school lets leave by one case, or one who graduates after a completion (Art 18, Art 20). */
@Entity()
export class Graduation {
  @PrimaryColumn('uuid')
  id: string;

  @ForeignKey('Organisation')
  @Column('uuid')
  schoolId: string;

  /** What people call it: year and place within the school, such as `2027-1`. */
  @Column('text')
  code: string;

  @Column('text')
  purpose: GraduationPurpose;

  /** The class for which it was drawn up; null for a list of students. */
  @ForeignKey('SchoolClass')
  @Column('uuid', { nullable: true })
  classId: string | null;

  /** The day on which the class leaves; a student may have another one. */
  @Column('date')
  leavingOn: PlainDate;

  /** The case in which it is reviewed; null until it is submitted. */
  @ForeignKey('ChangeRequest')
  @Column('uuid', { nullable: true })
  requestId: string | null;

  @Column('timestamptz')
  drawnUpAt: Date;

  @Column('timestamptz', { nullable: true })
  submittedAt: Date | null;

  /** 办结日: the day of the last approval; null until every reviewer has approved. */
  @Column('date', { nullable: true })
  completedOn: PlainDate | null;

  /** When the school was told that the leaving day had passed without completion. */
  @Column('timestamptz', { nullable: true })
  overdueToldAt: Date | null;

  /** Of the last act in its stream. */
  @Column('int')
  lastSeq: number;
}
