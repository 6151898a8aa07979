import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { Application, Outcome } from '../domain/case/acts.js';
import type { Hold } from '../domain/case/case.js';
import type { CaseKind, Route } from '../domain/procedure/procedure.js';

/** A change request 异动申请: the read model of a case, derived from its acts. */
@Entity()
export class ChangeRequest {
  @PrimaryColumn('uuid')
  id: string;

  /** What people call it by; lasting. */
  @Column('text')
  number: string;

  /** Of the change. */
  @Column('text')
  kind: CaseKind;

  /** Null where the case is about a batch, which `details` names. */
  @ForeignKey('Student')
  @Column('uuid', { nullable: true })
  studentId: string | null;

  /** The name of the student with all but its first character hidden; null where the case is about a batch. */
  @Column('text', { nullable: true })
  maskedName: string | null;

  @Column('text')
  state: Outcome | 'open';

  /** Why nothing moves: `{kind, cause, since, until?, message, owner, remedy}`. */
  @Column('jsonb', { nullable: true })
  hold: Hold | null;

  /** The process has the next move, not a person. */
  @Column('boolean')
  processing: boolean;

  /** Rises by one with each act that a client may depend on. */
  @Column('int')
  version: number;

  /** Frozen at filing: every step with its holder, and the version of the policy. */
  @Column('jsonb')
  route: Route;

  /** The steps as the API shows them. */
  @Column('jsonb')
  steps: unknown;

  /** What is asked for, by kind. */
  @Column('jsonb')
  details: unknown;

  /** Who asked for the change 申请, and when; null when the filing does not say. */
  @Column('jsonb', { nullable: true })
  application: Application | null;

  /** All evidence, of filing and supplements. */
  @Column('uuid', { array: true })
  evidenceIds: string[];

  /** As the filing system calls it. */
  @Column('text', { nullable: true })
  externalId: string | null;

  /** Null when the process itself opened it: a counter-claim or a ruling. */
  @ForeignKey('Person')
  @Column('uuid', { nullable: true })
  filerId: string | null;

  @ForeignKey('Organisation')
  @Column('uuid')
  filerOrganisationId: string;

  /** The school of the student; of a transfer the source school. */
  @ForeignKey('Organisation')
  @Column('uuid')
  sourceSchoolId: string;

  /** Of a transfer the school that is to take the student. */
  @ForeignKey('Organisation')
  @Column('uuid', { nullable: true })
  destinationSchoolId: string | null;

  /** The parties and all their superiors: who may read the request. */
  @Column('uuid', { array: true })
  seenBy: string[];

  @Column('timestamptz')
  filedAt: Date;

  @Column('timestamptz', { nullable: true })
  closedAt: Date | null;

  /** Of the last act. */
  @Column('int')
  lastSeq: number;

  /** Of the last act that the process counts. */
  @Column('int')
  lastProcessSeq: number;

  /** Student or guardian have objected (A21). */
  @Column('boolean')
  objected: boolean;
}
