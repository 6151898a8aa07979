import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { PlainDate } from '../domain/working-days.js';

/** A merger or closure of a school as a job with progress (Art 12). */
@Entity()
export class OrganisationChange {
  @PrimaryColumn('uuid')
  id: string;

  @Column('text')
  kind: 'merger' | 'closure';

  @Column('text')
  state: 'planned' | 'running' | 'done';

  @ForeignKey('Organisation')
  @Column('uuid')
  schoolId: string;

  /** Of a merger the school that takes over. */
  @ForeignKey('Organisation')
  @Column('uuid', { nullable: true })
  intoSchoolId: string | null;

  /** The first day on which the school is no more. */
  @Column('date')
  effectiveOn: PlainDate;

  /** The document that approves it. */
  @Column('jsonb')
  document: unknown;

  @Column('uuid', { array: true })
  evidenceIds: string[];

  /** The authority that started it. */
  @ForeignKey('Organisation')
  @Column('uuid')
  authorityId: string;

  @ForeignKey('Person')
  @Column('uuid')
  startedBy: string;

  @Column('timestamptz')
  startedAt: Date;

  /** When the school was closed. */
  @Column('timestamptz', { nullable: true })
  closedAt: Date | null;

  /** When nothing was left to move. */
  @Column('timestamptz', { nullable: true })
  completedAt: Date | null;

  /** So far. */
  @Column('int')
  casesMoved: number;

  /** So far. */
  @Column('int')
  dossiersMoved: number;

  /** So far. */
  @Column('int')
  officesMoved: number;

  /** The schools and all their superiors: who may read it. */
  @Column('uuid', { array: true })
  seenBy: string[];

  /** So far. */
  @Column('int')
  ordersMoved: number;
}
