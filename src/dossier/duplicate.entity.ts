import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { DuplicateType } from '../domain/dossier/duplicates.js';

/** A record that a registration is like. */
@Entity()
export class Duplicate {
  @PrimaryColumn('uuid')
  id: string;

  @ForeignKey('Registration')
  @Column('uuid')
  registrationId: string;

  /** The student whose registration is held. */
  @ForeignKey('Student')
  @Column('uuid')
  heldStudentId: string;

  /** The record that it is like. */
  @ForeignKey('Student')
  @Column('uuid')
  otherStudentId: string;

  /** Where the record stood when it was found. */
  @ForeignKey('Organisation')
  @Column('uuid')
  otherSchoolId: string;

  /** How they are alike. */
  @Column('text', { array: true })
  types: DuplicateType[];

  @Column('text')
  state: 'open' | 'settled';

  /** How it was settled. */
  @Column('text', { nullable: true })
  outcome: string | null;

  /** The ruling that is to settle it. */
  @ForeignKey('ChangeRequest')
  @Column('uuid', { nullable: true })
  rulingRequestId: string | null;

  /** The request that settled it. */
  @ForeignKey('ChangeRequest')
  @Column('uuid', { nullable: true })
  settledBy: string | null;

  @Column('timestamptz', { nullable: true })
  settledAt: Date | null;
}
