import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { PlainDate } from '../domain/working-days.js';

/** A move of an escalated task that is still to be noted beside its escalation (A8); removed once it is. */
@Entity()
export class DeadlineNote {
  @ForeignKey('DeadlineMove')
  @PrimaryColumn('uuid')
  moveId: string;

  @ForeignKey('Task')
  @PrimaryColumn('uuid')
  taskId: string;

  @ForeignKey('ChangeRequest')
  @Column('uuid')
  requestId: string;

  /** The last day before the move. */
  @Column('date')
  dueFrom: PlainDate;

  /** The last day since. */
  @Column('date')
  dueTo: PlainDate;

  /** In force since. */
  @Column('int')
  calendarVersion: number;
}
