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

  /** When it happened, as Temporal says; null where only the finding is known. */
  @Column('timestamptz', { nullable: true })
  since: Date | null;

  /** Who ended the run, as Temporal was told: a login of the CLI or the UI, or a process of ours. */
  @Column('text', { nullable: true })
  endedBy: string | null;

  /** Why, in the words that were given to Temporal. */
  @Column('text', { nullable: true })
  reason: string | null;

  /** The operator who took note of it. */
  @ForeignKey('Person')
  @Column('uuid', { nullable: true })
  acknowledgedBy: string | null;

  @Column('timestamptz', { nullable: true })
  acknowledgedAt: Date | null;

  /** What was found out or done about it. */
  @Column('text', { nullable: true })
  note: string | null;
}
