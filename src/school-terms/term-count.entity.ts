import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { PlainDate } from '../domain/working-days.js';

/** How the students of a school stood in a term when they were counted. */
@Entity()
export class TermCount {
  @ForeignKey('Organisation')
  @PrimaryColumn('uuid')
  schoolId: string;

  /** In which the school year begins. */
  @PrimaryColumn('int')
  year: number;

  /** First or second term of the school year. */
  @PrimaryColumn('int')
  nth: number;

  /** Students, as all counts here. */
  @Column('int')
  toRegister: number;

  @Column('int')
  registered: number;

  /** Of those registered. */
  @Column('int')
  late: number;

  /** Not registered, and active on a day until the last day to register. */
  @Column('int')
  owed: number;

  /** The last day to register by which they were counted. */
  @Column('date')
  dueDate: PlainDate;

  @Column('int')
  suspended: number;

  @Column('int')
  pending: number;

  @Column('timestamptz')
  countedAt: Date;
}
