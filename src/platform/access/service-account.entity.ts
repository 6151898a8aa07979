import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { ServiceArea } from '../../domain/service-account.js';

/** A service account 服务账号: a vendor's program that holds offices at an organisation. Its row of `person` has its name and no password. */
@Entity()
export class ServiceAccount {
  @ForeignKey('Person')
  @PrimaryColumn('uuid')
  personId: string;

  /** In whose name the program acts. */
  @ForeignKey('Organisation')
  @Column('uuid')
  organisationId: string;

  /** What the program is for, as the administrator wrote. */
  @Column('text')
  purpose: string;

  /** What it may touch. */
  @Column('text', { array: true })
  areas: ServiceArea[];

  /** Kinds of request that it may file or move; null of all. */
  @Column('text', { array: true, nullable: true })
  kinds: string[] | null;

  /** Requests a minute, over all processes of the API. */
  @Column('int')
  perMinute: number;

  /** Exclusive. Its offices end then too. */
  @Column('timestamptz')
  expiresAt: Date;

  /** The beginning of the key, for finding it in logs; null of an account that tokens of the issuer open. */
  @Column('text', { nullable: true })
  keyPrefix: string | null;

  /** SHA-256 of the key; the key itself is nowhere. */
  @Column('bytea', { nullable: true })
  keyHash: Buffer | null;

  /** Who issued the key in force, or bound the subject: that administrator answers for it. */
  @ForeignKey('Person')
  @Column('uuid')
  issuedBy: string;

  @Column('timestamptz')
  issuedAt: Date;

  @ForeignKey('Person')
  @Column('uuid', { nullable: true })
  revokedBy: string | null;

  @Column('timestamptz', { nullable: true })
  revokedAt: Date | null;
}
