import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** A piece of work that takes longer than an answer may: the worker does it page by page. */
@Entity()
export class Job {
  @PrimaryColumn('uuid')
  id: string;

  /** Which slice does it, by a name of `src/app/job-kinds.ts`. */
  @Column('text')
  kind: string;

  /** The organisation for which it is done. */
  @ForeignKey('Organisation')
  @Column('uuid')
  organisationId: string;

  @ForeignKey('Person')
  @Column('uuid')
  startedBy: string;

  @Column('timestamptz')
  startedAt: Date;

  @Column('text')
  state: 'running' | 'done' | 'failed';

  /** What was asked for: ids, codes and days; no personal data. */
  @Column('jsonb')
  params: unknown;

  /** Where the next page begins, in the words of its kind; null before the first. */
  @Column('jsonb', { nullable: true })
  cursor: unknown;

  /** From 0 to 1. */
  @Column('real')
  progress: number;

  /** What came of it: counts and ids. */
  @Column('jsonb', { nullable: true })
  result: unknown;

  /** What was wrong, by pointer and code; at most a thousand. */
  @Column('jsonb')
  faults: unknown;

  /** What its file is called when downloaded; null where there is none. */
  @Column('text', { nullable: true })
  fileName: string | null;

  /** Media type of the file. */
  @Column('text', { nullable: true })
  fileType: string | null;

  /** Parts of the file that are kept so far. */
  @Column('int')
  parts: number;

  /** How often a worker has taken it. A page commits only under the number with which it began. */
  @Column('int')
  claims: number;

  /** Failures of the page at hand, in a row. */
  @Column('int')
  failures: number;

  /** When a worker may take it: the end of another's lease, or of a pause after a failure. */
  @Column('timestamptz')
  dueAt: Date;

  @Column('timestamptz', { nullable: true })
  endedAt: Date | null;
}
