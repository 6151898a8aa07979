import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How much evidence that nothing held has been removed; one row. */
@Entity()
export class EvidenceRemoved {
  @PrimaryColumn('boolean')
  one: boolean;

  /** Rows of `evidence`. */
  @Column('bigint')
  uploads: string;

  /** Stored files. */
  @Column('bigint')
  files: string;
}
