import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/**
 * An act that somebody is told of, in an order that every reader sees alike: of requests, which are the feed, of orders, of ends of
 * suspensions, of proxies and of terms. Only the relay writes it, one transaction after the other, so that no later one appears before an
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
