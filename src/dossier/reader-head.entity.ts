import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The ends of the chain of a person's reads: the last one, and the last one that was forgotten after its term. A trigger keeps it. */
@Entity()
export class ReaderHead {
  @PrimaryColumn('uuid')
  personId: string;

  @Column('int')
  seq: number;

  @Column('bytea')
  hash: Buffer;

  /** Reads up to this one were removed after three years. */
  @Column('int')
  keptAfter: number;

  @Column('bytea')
  keptHash: Buffer;
}
