import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** A letter on its way. */
@Entity()
export class Mail {
  @PrimaryColumn('uuid')
  id: string;

  @ForeignKey('Person')
  @Column('uuid')
  personId: string;

  /** One notification at once, or a digest of the day. */
  @Column('text')
  purpose: 'now' | 'digest';

  @Column('text')
  state: 'pending' | 'sent' | 'failed';

  /** So far. */
  @Column('int')
  attempts: number;

  @Column('timestamptz')
  nextAttemptAt: Date;

  /** Of the last attempt. */
  @Column('text', { nullable: true })
  failure: string | null;

  @Column('timestamptz')
  createdAt: Date;

  @Column('timestamptz', { nullable: true })
  sentAt: Date | null;
}
