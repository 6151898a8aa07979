import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** How far the process of a request has read, and when it means to wake. */
@Entity()
export class ProcessCursor {
  @ForeignKey('ChangeRequest')
  @PrimaryColumn('uuid')
  requestId: string;

  /** The last act that it has read. */
  @Column('int')
  seq: number;

  /** Of that act: another one at this place means that the database was restored to an earlier time. */
  @Column('text')
  hash: string;

  /** The run that read. */
  @Column('text')
  runId: string;

  /** Null while it waits for an act alone. */
  @Column('timestamptz', { nullable: true })
  nextWakeAt: Date | null;

  @Column('timestamptz')
  readAt: Date;

  /** The run that read before this one, until the reconciler has found out why it no longer does. */
  @Column('text', { nullable: true })
  formerRunId: string | null;
}
