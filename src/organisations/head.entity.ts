import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { PlainDate } from '../domain/working-days.js';

/** A head 负责人 of an organisation, from–to (A18). */
@Entity()
export class Head {
  @PrimaryColumn('uuid')
  id: string;

  @ForeignKey('Organisation')
  @Column('uuid')
  organisationId: string;

  @Column('text')
  displayName: string;

  /** The first day. */
  @Column('date')
  heldFrom: PlainDate;

  /** The last day, inclusive; null while nobody follows. */
  @Column('date', { nullable: true })
  heldTo: PlainDate | null;

  /** Null where no person did. */
  @ForeignKey('Person')
  @Column('uuid', { nullable: true })
  setBy: string | null;
}
