import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { PlainDate } from '../domain/working-days.js';

/** An urge 催办 by a superior authority, and whether it was answered. */
@Entity()
export class Urge {
  @ForeignKey('ChangeRequest')
  @PrimaryColumn('uuid')
  requestId: string;

  /** Of the act. */
  @PrimaryColumn('int')
  seq: number;

  @ForeignKey('Task')
  @Column('uuid')
  taskId: string;

  /** The organisation that is urged. */
  @ForeignKey('Organisation')
  @Column('uuid')
  organisationId: string;

  /** The supervisor who urged. */
  @ForeignKey('Person')
  @Column('uuid')
  personId: string;

  /** The last day to answer. */
  @Column('date')
  answerBy: PlainDate;

  @Column('timestamptz')
  urgedAt: Date;

  @Column('timestamptz', { nullable: true })
  answeredAt: Date | null;
}
