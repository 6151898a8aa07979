import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { Verdict } from '../domain/case/acts.js';
import type { Budget } from '../domain/case/remaining.js';
import type { Office } from '../domain/offices.js';
import type { CaseKind } from '../domain/procedure/procedure.js';
import type { PlainDate } from '../domain/working-days.js';

/** A visit of a step at its holder: the read model of what somebody has to decide, derived from the acts. */
@Entity()
export class Task {
  @PrimaryColumn('uuid')
  id: string;

  @ForeignKey('ChangeRequest')
  @Column('uuid')
  requestId: string;

  /** Of the route. */
  @Column('text')
  step: string;

  /** From 1; a step that was returned is visited again. */
  @Column('int')
  visit: number;

  /** The filer has something to add, and nothing is decided. */
  @Column('boolean')
  supplement: boolean;

  /** What the holder is in this case. */
  @Column('text', { array: true })
  capacities: string[];

  /** The organisation that decides. */
  @ForeignKey('Organisation')
  @Column('uuid')
  holderId: string;

  /** The school that answers outside, or was closed, for which the holder acts (A23, A25). */
  @ForeignKey('Organisation')
  @Column('uuid', { nullable: true })
  onBehalfOfId: string | null;

  /** In which a person of the holder decides. */
  @Column('text')
  office: Office;

  @Column('text')
  state: 'open' | 'decided' | 'void';

  @Column('int')
  version: number;

  /** The person to whom it was assigned. */
  @ForeignKey('Person')
  @Column('uuid', { nullable: true })
  assigneeId: string | null;

  /** The person who claimed it. */
  @ForeignKey('Person')
  @Column('uuid', { nullable: true })
  claimantId: string | null;

  /** Superior authorities that it was escalated to, nearest first. */
  @Column('uuid', { array: true })
  escalatedTo: string[];

  /** How often the step was returned before. */
  @Column('int')
  returns: number;

  @Column('timestamptz')
  openedAt: Date;

  /** The day of arrival, which does not count. */
  @Column('date')
  arrivedOn: PlainDate;

  /** Allowed for this visit. */
  @Column('int')
  workingDays: number;

  /** The last day. */
  @Column('date')
  dueDate: PlainDate;

  /** The midnight after it; exclusive. */
  @Column('timestamptz')
  dueAt: Date;

  /** The deadline lies beyond the published calendar. */
  @Column('boolean')
  provisional: boolean;

  @Column('text', { nullable: true })
  verdict: Verdict | null;

  @Column('timestamptz', { nullable: true })
  decidedAt: Date | null;

  @ForeignKey('Person')
  @Column('uuid', { nullable: true })
  decidedBy: string | null;

  @Column('boolean', { nullable: true })
  decidedLate: boolean | null;

  /** The person to whom it was delegated. */
  @ForeignKey('Person')
  @Column('uuid', { nullable: true })
  delegateId: string | null;

  /** Of the request, so that overdue tasks are counted from an index alone. */
  @Column('text')
  kind: CaseKind;

  /** The day of the claim; it lapses at the end of the n-th working day after it (A8). */
  @Column('date', { nullable: true })
  claimedOn: PlainDate | null;

  /** Until a claim lapses. */
  @Column('int', { nullable: true })
  claimWorkingDays: number | null;

  /**
   * `{least, limits: [{workingDays, used: [[after, through]]}], extended}`: what `workingDays` follow from, where earlier visits used
   * some (A9).
   */
  @Column('jsonb', { nullable: true })
  budget: Budget | null;

  /** The act that made it void, by which the person who had it in hand is told. */
  @Column('int', { nullable: true })
  voidSeq: number | null;
}
