import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { PlainDate } from '../domain/working-days.js';

/** Every date of the calendars in force. The n-th working day after a date is a look-up by its number. */
@Entity()
export class WorkingDay {
  @ForeignKey('Calendar')
  @PrimaryColumn('uuid')
  calendarId: string;

  @PrimaryColumn('date')
  date: PlainDate;

  /** Days worked up to and with the date. */
  @Column('int')
  ordinal: number;

  /** Whether it is a working day. */
  @Column('boolean')
  worked: boolean;
}
