import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** A run of an open case that did not go on, as the reconciler found it. */
@Entity()
export class ProcessIncident {
  @ForeignKey('ChangeRequest')
  @PrimaryColumn('uuid')
  requestId: string;

  /** The run that did not go on, empty when none was known. Of a read model that differed: the last act, and when it was made anew. */
  @PrimaryColumn('text')
  runId: string;

  @Column('text')
  found:
    | 'missing'
    | 'terminated'
    | 'reset'
    | 'failed'
    | 'timedOut'
    | 'cancelled'
    | 'completed'
    | 'restarted'
    | 'internalError'
    | 'readModelDiffers';

  @Column('timestamptz')
  at: Date;
}
