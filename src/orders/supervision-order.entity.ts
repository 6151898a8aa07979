import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { OrderStatus } from '../domain/case/order.js';
import type { Kind } from '../domain/procedure/procedure.js';
import type { PlainDate } from '../domain/working-days.js';

/** An order 责令 to a school: the read model of its acts, and the cursor of its process. */
@Entity()
export class SupervisionOrder {
  @PrimaryColumn('uuid')
  id: string;

  /** What people call it by; lasting. */
  @Column('text')
  number: string;

  @ForeignKey('Organisation')
  @Column('uuid')
  authorityId: string;

  @ForeignKey('Organisation')
  @Column('uuid')
  schoolId: string;

  /** The student whom it concerns. */
  @ForeignKey('Student')
  @Column('uuid', { nullable: true })
  studentId: string | null;

  /** Of the change that is ordered. */
  @Column('text', { nullable: true })
  kind: Kind | null;

  @Column('text')
  state: OrderStatus;

  /** The last day to answer. */
  @Column('date')
  dueDate: PlainDate;

  /** Superior authorities that it was escalated to, nearest first. */
  @Column('uuid', { array: true })
  escalatedTo: string[];

  /** The request that answers it. */
  @ForeignKey('ChangeRequest')
  @Column('uuid', { nullable: true })
  requestId: string | null;

  /** The school and all its superiors: who may read the order. */
  @Column('uuid', { array: true })
  seenBy: string[];

  @Column('timestamptz')
  orderedAt: Date;

  @Column('timestamptz', { nullable: true })
  closedAt: Date | null;

  /** Of the last act. */
  @Column('int')
  lastSeq: number;

  /** The last act that the process has read. */
  @Column('int')
  readSeq: number;

  /** The run that read. */
  @Column('text', { nullable: true })
  runId: string | null;

  @Column('timestamptz', { nullable: true })
  readAt: Date | null;

  /** When the process means to wake. */
  @Column('timestamptz', { nullable: true })
  nextWakeAt: Date | null;

  /** The authority that answers for the school since its closure (A25). */
  @ForeignKey('Organisation')
  @Column('uuid', { nullable: true })
  actingId: string | null;
}
