import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What `npm run audit:verify` last came to; one row. */
@Entity()
export class LedgerVerification {
  @PrimaryColumn('boolean')
  one: boolean;

  @Column('timestamptz')
  verifiedAt: Date;

  @Column('bigint')
  acts: string;

  @Column('int')
  faults: number;
}
