import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { Office } from '../domain/offices.js';

/** An office that one administrator proposes and a second one confirms (A22). Derived from the acts of the organisation. */
@Entity()
export class OfficeGrant {
  /** The id of the office, once it is confirmed. */
  @PrimaryColumn('uuid')
  id: string;

  @ForeignKey('Organisation')
  @Column('uuid')
  organisationId: string;

  /** The person who is to hold it; never the one who proposes it. */
  @ForeignKey('Person')
  @Column('uuid')
  personId: string;

  @Column('text')
  office: Office;

  /** The beginning that is asked for. A later confirmation is the beginning. */
  @Column('timestamptz')
  heldFrom: Date;

  /** Exclusive; null for no end. */
  @Column('timestamptz', { nullable: true })
  heldUntil: Date | null;

  @ForeignKey('Person')
  @Column('uuid')
  proposedBy: string;

  @Column('timestamptz')
  proposedAt: Date;

  /** From this instant on nobody can confirm it. */
  @Column('timestamptz')
  lapsesAt: Date;

  /** `pending` also after it has lapsed. */
  @Column('text')
  state: 'pending' | 'confirmed' | 'refused';

  /** The administrator who confirmed or refused it; the proposer may refuse it too. */
  @ForeignKey('Person')
  @Column('uuid', { nullable: true })
  settledBy: string | null;

  @Column('timestamptz', { nullable: true })
  settledAt: Date | null;
}
