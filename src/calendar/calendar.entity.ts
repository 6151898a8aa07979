import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { PlainDate } from '../domain/working-days.js';

/** The calendar of the nation (of no organisation), or of a province that adds days of its own. Its row is the lock of its stream. */
@Entity()
export class Calendar {
  @PrimaryColumn('uuid')
  id: string;

  @ForeignKey('Organisation')
  @Column('uuid', { nullable: true })
  organisationId: string | null;

  /** Rises when `working_day` is numbered anew; 0 while nothing is in force. */
  @Column('int')
  version: number;

  /** The last day up to which the announcements of the nation leave no gap; later deadlines are provisional. */
  @Column('date')
  publishedThrough: PlainDate;
}
