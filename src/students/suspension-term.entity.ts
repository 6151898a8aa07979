import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { PlainDate } from '../domain/working-days.js';

/** The end of a suspension, and when the school was told of it: a copy of the acts in the stream of the student. */
@Entity()
export class SuspensionTerm {
  @ForeignKey('Enrolment')
  @PrimaryColumn('uuid')
  enrolmentId: string;

  /** The last day of the suspension. */
  @PrimaryColumn('date')
  until: PlainDate;

  @Column('timestamptz', { nullable: true })
  remindedAt: Date | null;

  /** When the school was told that it had passed. */
  @Column('timestamptz', { nullable: true })
  expiredAt: Date | null;

  /** The order that followed. */
  @ForeignKey('SupervisionOrder')
  @Column('uuid', { nullable: true })
  orderId: string | null;
}
