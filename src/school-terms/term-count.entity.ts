import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

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

  @Column('int')
  suspended: number;

  @Column('int')
  pending: number;

  @Column('timestamptz')
  countedAt: Date;
}
