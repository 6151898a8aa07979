import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The last act of a stream, so that one which was cut off is missed before a checkpoint covers it. A trigger keeps it. */
@Entity()
export class StreamHead {
  /** Nil for the checkpoints. */
  @PrimaryColumn('uuid')
  streamId: string;

  @Column('text')
  stream: string;

  @Column('int')
  seq: number;

  /** Of the last act, or the digest of the last checkpoint. */
  @Column('bytea')
  hash: Buffer;
}
