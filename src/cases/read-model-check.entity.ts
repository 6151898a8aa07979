import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * How far the comparison of requests with their acts has come; one row. Requests are compared in the order of their ids, round after
 * round.
 */
@Entity()
export class ReadModelCheck {
  @PrimaryColumn('boolean')
  one: boolean;

  /** The last one compared in this round; null between two rounds. */
  @Column('uuid', { nullable: true })
  afterId: string | null;

  /** When the round began. */
  @Column('timestamptz')
  beganAt: Date;

  /** Requests in this round. */
  @Column('bigint')
  checked: string;
}
