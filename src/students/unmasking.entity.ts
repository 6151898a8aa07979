import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { Office } from '../domain/offices.js';

/** That a person saw masked values of a student whole; the reason is a text of the act in the student's stream. */
@Entity()
export class Unmasking {
  @PrimaryColumn('uuid')
  id: string;

  @ForeignKey('Student')
  @Column('uuid')
  studentId: string;

  @ForeignKey('Person')
  @Column('uuid')
  personId: string;

  @Column('text')
  office: Office;

  /** In whose name: the student's school or its competent authority. */
  @ForeignKey('Organisation')
  @Column('uuid')
  organisationId: string;

  /** Sequence of the act in the student's stream. */
  @Column('int')
  seq: number;

  @Column('timestamptz')
  at: Date;
}
