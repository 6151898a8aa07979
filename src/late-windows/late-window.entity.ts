import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { PlainDate } from '../domain/working-days.js';

/** A window 补办期 in which a province takes registrations of an intake whose registration has ended (Art 6, R-06, A6). */
@Entity()
export class LateWindow {
  @PrimaryColumn('uuid')
  id: string;

  @ForeignKey('Organisation')
  @Column('uuid')
  provinceId: string;

  /** The intake, such as `2026-autumn`. */
  @Column('text')
  intake: string;

  @Column('date')
  opensOn: PlainDate;

  /** The last day, inclusive. */
  @Column('date')
  closesOn: PlainDate;

  /** The province's document that opens it. */
  @Column('jsonb')
  document: unknown;

  @ForeignKey('Person')
  @Column('uuid')
  openedBy: string;

  @Column('timestamptz')
  openedAt: Date;

  /** Who closed it before its last day. */
  @ForeignKey('Person')
  @Column('uuid', { nullable: true })
  closedBy: string | null;

  @Column('timestamptz', { nullable: true })
  closedAt: Date | null;
}
