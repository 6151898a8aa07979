import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { PlainDate } from '../domain/working-days.js';

/** A consultation 征求意见; question and answer stand beside the acts of these sequences. */
@Entity()
export class Consultation {
  @PrimaryColumn('uuid')
  id: string;

  @ForeignKey('ChangeRequest')
  @Column('uuid')
  requestId: string;

  @ForeignKey('Task')
  @Column('uuid')
  taskId: string;

  /** The organisation that asks. */
  @ForeignKey('Organisation')
  @Column('uuid')
  askingId: string;

  /** The organisation that is asked. */
  @ForeignKey('Organisation')
  @Column('uuid')
  askedId: string;

  /** The last day to answer. */
  @Column('date')
  dueDate: PlainDate;

  /** The act of the question. */
  @Column('int')
  askedSeq: number;

  @Column('timestamptz')
  askedAt: Date;

  /** The act of the answer. */
  @Column('int', { nullable: true })
  answeredSeq: number | null;

  @Column('timestamptz', { nullable: true })
  answeredAt: Date | null;
}
