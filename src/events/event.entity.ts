import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/**
 * An act that somebody is told of, in an order that every reader sees alike. Acts of requests are the feed; the others are of orders, ends
 * of suspensions, proxies and terms. Only the relay writes events, one transaction after the other, so that no later one appears before an
 * earlier.
 */
@Entity()
export class Event {
  /** Place in the feed. */
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  id: string;

  @Column('uuid')
  streamId: string;

  /** Of the act. */
  @Column('int')
  seq: number;

  /** Of the act. */
  @Column('bigint')
  position: string;
}
