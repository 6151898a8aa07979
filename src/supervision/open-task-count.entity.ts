import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** Open tasks by holder, kind and deadline; with `open_task_change` right at every moment. */
@Entity()
export class OpenTaskCount {
  @ForeignKey('Organisation')
  @PrimaryColumn('uuid')
  holderId: string;

  @PrimaryColumn('timestamptz')
  dueAt: Date;

  @PrimaryColumn('text')
  kind: string;

  /** Tasks. */
  @Column('int')
  n: number;
}
