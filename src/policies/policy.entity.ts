import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { PlainDate } from '../domain/working-days.js';

/** A version of a policy: of the nation, or of a province (A17). */
@Entity()
export class Policy {
  /** The name of the pack. */
  @PrimaryColumn('text')
  id: string;

  @PrimaryColumn('int')
  version: number;

  /** The province; null of the nation. */
  @ForeignKey('Organisation')
  @Column('uuid', { nullable: true })
  organisationId: string | null;

  /** The first day; null of a draft without one. */
  @Column('date', { nullable: true })
  effectiveFrom: PlainDate | null;

  /** What it says itself; of the national default, all of it. */
  @Column('jsonb')
  content: unknown;

  @Column('text')
  state: 'draft' | 'activated' | 'revoked';

  /** Number, issuing body, date and filing number of the document that settles it (A17). */
  @Column('jsonb', { nullable: true })
  document: unknown;

  /** `{id, version}` of the policy from which it inherits what it is silent about; null of the nation's. */
  @Column('jsonb', { nullable: true })
  basedOn: unknown;

  /** `{id, version}` of the policy that it follows: on its first day no other may be in force. Null of the nation's. */
  @Column('jsonb', { nullable: true })
  inPlaceOf: unknown;

  @ForeignKey('Person')
  @Column('uuid', { nullable: true })
  draftedBy: string | null;

  @Column('timestamptz', { nullable: true })
  draftedAt: Date | null;

  @ForeignKey('Person')
  @Column('uuid', { nullable: true })
  activatedBy: string | null;

  @Column('timestamptz', { nullable: true })
  activatedAt: Date | null;

  @ForeignKey('Person')
  @Column('uuid', { nullable: true })
  revokedBy: string | null;

  @Column('timestamptz', { nullable: true })
  revokedAt: Date | null;

  /** Of a province: what it says with what it inherited when it was put into force. Cases are judged by this. */
  @Column('jsonb', { nullable: true })
  whole: unknown;
}
