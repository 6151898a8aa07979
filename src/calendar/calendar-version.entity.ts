import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { PlainDate } from '../domain/working-days.js';

/** A version of a year of a calendar: drafted by one person and approved by another. */
@Entity()
export class CalendarVersion {
  @PrimaryColumn('uuid')
  id: string;

  @ForeignKey('Calendar')
  @Column('uuid')
  calendarId: string;

  @Column('int')
  year: number;

  /** From 1 in its year. */
  @Column('int')
  version: number;

  /** The version in force when this one was drafted; 0 when there was none. */
  @Column('int')
  basedOn: number;

  @Column('text')
  state: 'draft' | 'approved';

  /** Name of the announcement that it follows. */
  @Column('text', { nullable: true })
  notice: string | null;

  @Column('text', { nullable: true })
  noticeUrl: string | null;

  /** The last day that the announcement covers. */
  @Column('date')
  validThrough: PlainDate;

  /** `[{date, kind, name}]`: only the days that differ from Monday to Friday, in a province from the calendar of the nation. */
  @Column('jsonb')
  days: unknown;

  /** Null where no person did. */
  @ForeignKey('Person')
  @Column('uuid', { nullable: true })
  draftedBy: string | null;

  @Column('timestamptz', { nullable: true })
  draftedAt: Date | null;

  @ForeignKey('Person')
  @Column('uuid', { nullable: true })
  approvedBy: string | null;

  @Column('timestamptz', { nullable: true })
  approvedAt: Date | null;
}
