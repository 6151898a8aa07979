import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** A webhook of an organisation. */
@Entity()
export class Webhook {
  @PrimaryColumn('uuid')
  id: string;

  @ForeignKey('Organisation')
  @Column('uuid')
  organisationId: string;

  @Column('text')
  url: string;

  /** With which deliveries are signed; encrypted. */
  @Column('bytea')
  secretCipher: Buffer;

  /** Kinds of acts; null of all. */
  @Column('text', { array: true, nullable: true })
  kinds: string[] | null;

  /** `paused` by an administrator, `suspended` after attempts in vain. */
  @Column('text')
  state: 'active' | 'paused' | 'suspended' | 'removed';

  /** The last event that was delivered. */
  @Column('bigint')
  deliveredTo: string;

  /** In vain, since the last delivery. */
  @Column('int')
  attempts: number;

  @Column('timestamptz')
  nextAttemptAt: Date;

  @ForeignKey('Person')
  @Column('uuid')
  createdBy: string;

  @Column('timestamptz')
  createdAt: Date;

  /** Of the process that is sending to it. A process that finds another lease here, or the place moved, stops. */
  @Column('uuid', { nullable: true })
  lease: string | null;

  /** When another process may take over. */
  @Column('timestamptz', { nullable: true })
  leasedUntil: Date | null;

  /** The secret before the present one, which signs beside it for a while. */
  @Column('bytea', { nullable: true })
  formerSecretCipher: Buffer | null;

  /** Exclusive. */
  @Column('timestamptz', { nullable: true })
  formerUntil: Date | null;
}
