import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** A request whose proposed identity is to be put to the population service. The answers are acts. */
@Entity()
export class IdentityCheck {
  @ForeignKey('ChangeRequest')
  @PrimaryColumn('uuid')
  requestId: string;

  /** When it is asked next. */
  @Column('timestamptz')
  dueAt: Date;

  /** So far. */
  @Column('int')
  attempts: number;
}
