import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { Office } from '../../domain/offices.js';

/** An office 职务 that a person holds in an organisation, from–until (A22). */
@Entity('office')
export class HeldOffice {
  @PrimaryColumn('uuid')
  id: string;

  @ForeignKey('Person')
  @Column('uuid')
  personId: string;

  @ForeignKey('Organisation')
  @Column('uuid')
  organisationId: string;

  @Column('text')
  office: Office;

  /** Inclusive. */
  @Column('timestamptz')
  heldFrom: Date;

  /** Exclusive; null while it is held. The same as `heldFrom`: granted for later, and ended before it began. */
  @Column('timestamptz', { nullable: true })
  heldUntil: Date | null;

  /** Null where no person did. */
  @ForeignKey('Person')
  @Column('uuid', { nullable: true })
  grantedBy: string | null;
}
