import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** What happened from outside to a case, to a workflow or to a file of evidence, as a process found it. */
@Entity()
export class ProcessIncident {
  /** Id of the request, `kind/number` of a workflow that no case knows, or `evidence/id`. */
  @PrimaryColumn('text')
  about: string;

  /** The run that did not go on, empty when none was known. Of a read model that differed: the last act, and when it was made anew. */
  @PrimaryColumn('text')
  runId: string;

  @ForeignKey('ChangeRequest')
  @Column('uuid', { nullable: true })
  requestId: string | null;

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
    | 'readModelDiffers'
    | 'foreign'
    | 'unknown'
    | 'evidenceMissing'
    | 'evidenceChanged';

  @Column('timestamptz')
  at: Date;
}
