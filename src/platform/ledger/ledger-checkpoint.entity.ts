import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A digest over all chains up to a position, anchored outside the database. */
@Entity()
export class LedgerCheckpoint {
  /** The last act that it covers. */
  @PrimaryColumn('bigint')
  position: string;

  /** Its place among the checkpoints, from 1. */
  @Column('int')
  number: number;

  /** How many acts it covers. */
  @Column('bigint')
  acts: string;

  /** SHA-256 over the digest before it, the hash of each act since, and number, position, count and time. */
  @Column('bytea')
  digest: Buffer;

  @Column('timestamptz')
  at: Date;
}
