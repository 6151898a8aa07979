import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** A registration whose identity is to be put to the population service again. The answer is an act of the student. */
@Entity()
export class RegistrationCheck {
  @ForeignKey('Registration')
  @PrimaryColumn('uuid')
  registrationId: string;

  /** When it is asked next. */
  @Column('timestamptz')
  dueAt: Date;

  /** So far. */
  @Column('int')
  attempts: number;
}
