import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { Office } from '../domain/offices.js';

/** A proxy 代理: a person acts on tasks in the office of an absent one, from–until. Derived from the acts of the organisation. */
@Entity()
export class Proxy {
  @PrimaryColumn('uuid')
  id: string;

  /** The person who is absent. */
  @ForeignKey('Person')
  @Column('uuid')
  principalId: string;

  /** The person who acts. */
  @ForeignKey('Person')
  @Column('uuid')
  proxyId: string;

  @Column('text')
  office: Office;

  @ForeignKey('Organisation')
  @Column('uuid')
  organisationId: string;

  /** Kinds of requests; null of all. */
  @Column('text', { array: true, nullable: true })
  kinds: string[] | null;

  /** Inclusive. */
  @Column('timestamptz')
  validFrom: Date;

  /** Exclusive. */
  @Column('timestamptz')
  validUntil: Date;

  /** When it was ended before its time. */
  @Column('timestamptz', { nullable: true })
  endedAt: Date | null;

  @Column('timestamptz')
  createdAt: Date;
}
