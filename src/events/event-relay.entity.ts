import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How far the relay has come; one row. */
@Entity()
export class EventRelay {
  @PrimaryColumn('boolean')
  one: boolean;

  /** No act up to this position is still to come. */
  @Column('bigint')
  settled: string;

  /** The next position to be settled. */
  @Column('bigint')
  candidate: string;

  /** Once no older transaction runs, the candidate is settled. */
  @Column('text')
  candidateXid: string;
}
