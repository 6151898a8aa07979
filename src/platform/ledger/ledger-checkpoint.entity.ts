import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A digest over all chains up to a position, anchored outside the database. */
@Entity()
export class LedgerCheckpoint {
  /** The last act that it covers. */
  @PrimaryColumn('bigint')
  position: string;

  /** How many acts it covers. */
  @Column('bigint')
  acts: string;

  /** SHA-256. */
  @Column('bytea')
  digest: Buffer;

  @Column('timestamptz')
  at: Date;
}
