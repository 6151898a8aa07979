import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { RegisterHolding, OtherRegister } from '../domain/dossier/other-registers.js';

/** What a register of other schools said of a student, and when it is asked next. */
@Entity()
export class RegisterCheck {
  @ForeignKey('Student')
  @PrimaryColumn('uuid')
  studentId: string;

  @PrimaryColumn('text')
  register: OtherRegister;

  /** When it is asked next; null until the next round. */
  @Column('timestamptz', { nullable: true })
  dueAt: Date | null;

  /** So far, without an answer. */
  @Column('int')
  attempts: number;

  /** Null before the first answer about the present identity. */
  @Column('text', { nullable: true })
  answer: 'none' | 'held' | null;

  /** How it holds the person. */
  @Column('text', { nullable: true })
  holding: RegisterHolding | null;

  @Column('timestamptz', { nullable: true })
  answeredAt: Date | null;

  /** The request that registered the student beside what the register holds (Art 11). */
  @Column('uuid', { nullable: true })
  settledBy: string | null;
}
