import { Column, Entity, PrimaryColumn } from 'typeorm';

/** When a loop of a worker last ended a round, whichever worker it was. Written every quarter of a minute. */
@Entity()
export class BackgroundRound {
  /** What the loop does, as its log lines name it. */
  @PrimaryColumn('text')
  loop: string;

  @Column('timestamptz')
  endedAt: Date;

  /** Of the last round that failed. */
  @Column('timestamptz', { nullable: true })
  failedAt: Date | null;
}
