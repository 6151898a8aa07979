import { Column, Entity, ForeignKey, PrimaryGeneratedColumn } from 'typeorm';

/** An attempt to deliver an event. */
@Entity()
export class WebhookDelivery {
  @ForeignKey('Webhook')
  @Column('uuid')
  webhookId: string;

  @Column('timestamptz')
  at: Date;

  /** Place in the feed; 0 of a test. */
  @Column('bigint')
  eventId: string;

  /** From 1. */
  @Column('int')
  attempt: number;

  /** HTTP status that was answered. */
  @Column('int', { nullable: true })
  status: number | null;

  /** Why there was no answer. */
  @Column('text', { nullable: true })
  failure: string | null;

  /** Until the answer or the failure. */
  @Column('int')
  milliseconds: number;

  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  id: string;
}
