import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { PlainDate } from '../domain/working-days.js';

/** An approved version of a calendar on its way to the open tasks. */
@Entity()
export class DeadlineMove {
  /** Of the version. */
  @ForeignKey('CalendarVersion')
  @PrimaryColumn('uuid')
  id: string;

  @Column('timestamptz')
  approvedAt: Date;

  /** The first day whose work changed. */
  @Column('date', { nullable: true })
  changedFrom: PlainDate | null;

  /** The last such day. */
  @Column('date', { nullable: true })
  changedThrough: PlainDate | null;

  /** What is under way. */
  @Column('text')
  phase: 'tasks' | 'wakes' | 'notes' | 'done';

  /** How far the phase has come: whoever comes next goes on from there. */
  @Column('uuid', { nullable: true })
  afterId: string | null;

  /** Tasks that somebody held on the way. */
  @Column('int')
  skipped: number;

  /** Tasks whose deadline moved. */
  @Column('int')
  moved: number;

  /** Escalations beside which the move was noted. */
  @Column('int')
  annotated: number;

  /** Processes whose deadline came nearer. */
  @Column('int')
  woken: number;

  /** Processes whose deadline moved later have still to be told, slowly, so that the Temporal UI says the present date. */
  @Column('boolean')
  telling: boolean;

  /** How far that has come. */
  @Column('uuid', { nullable: true })
  toldTo: string | null;
}
