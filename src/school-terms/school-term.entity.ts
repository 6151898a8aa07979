import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { PlainDate } from '../domain/working-days.js';

/** A term of a school of which something is on record; its row is the lock of its stream. */
@Entity()
export class SchoolTerm {
  @PrimaryColumn('uuid')
  id: string;

  @ForeignKey('Organisation')
  @Column('uuid')
  schoolId: string;

  /** In which the school year begins. */
  @Column('int')
  year: number;

  /** First or second term of the school year. */
  @Column('int')
  nth: 1 | 2;

  /** As the school declared it; null where the day of the province holds. */
  @Column('date', { nullable: true })
  firstDay: PlainDate | null;

  /** When the school was reminded. */
  @Column('timestamptz', { nullable: true })
  remindedAt: Date | null;

  /** When the school was told of the deadline that passed. */
  @Column('timestamptz', { nullable: true })
  overdueToldAt: Date | null;

  /** Of the last act in its stream. */
  @Column('int')
  lastSeq: number;
}
