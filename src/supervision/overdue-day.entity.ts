import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { PlainDate } from '../domain/working-days.js';

/** How many tasks were overdue at the beginning of a day: the trend of the overdue table. */
@Entity()
export class OverdueDay {
  @PrimaryColumn('date')
  day: PlainDate;

  @ForeignKey('Organisation')
  @PrimaryColumn('uuid')
  holderId: string;

  @PrimaryColumn('text')
  kind: string;

  /** How long they were overdue, as a range. */
  @PrimaryColumn('text')
  age: string;

  /** Tasks. */
  @Column('int')
  overdue: number;
}
