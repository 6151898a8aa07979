import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { PlainDate } from '../domain/working-days.js';

/** A day whose overdue tasks have been counted. */
@Entity()
export class OverdueCounted {
  @PrimaryColumn('date')
  day: PlainDate;

  /** When they were counted. */
  @Column('timestamptz')
  at: Date;
}
