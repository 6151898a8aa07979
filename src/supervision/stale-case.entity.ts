import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** A case in which no person has acted for long. */
@Entity()
export class StaleCase {
  @ForeignKey('ChangeRequest')
  @PrimaryColumn('uuid')
  requestId: string;

  /** The last act by a person; the case is stale no longer when there is a later one. */
  @Column('int')
  movedSeq: number;

  @Column('timestamptz')
  movedAt: Date;

  @Column('timestamptz')
  notedAt: Date;
}
