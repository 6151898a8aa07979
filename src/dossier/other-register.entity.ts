import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { OtherRegister as Name } from '../domain/dossier/other-registers.js';

/** A register of other schools that is set up to be asked, and how far it has been asked about students on roll. */
@Entity()
export class OtherRegister {
  @PrimaryColumn('text')
  register: Name;

  /** How many times in a row nothing that was asked brought an answer. */
  @Column('int')
  failures: number;

  /** It is left in peace until then, because it did not answer. */
  @Column('timestamptz', { nullable: true })
  quietUntil: Date | null;

  /** When the round of questions about registered students began, the present or the last one; null before the first. */
  @Column('timestamptz', { nullable: true })
  roundBeganAt: Date | null;

  /** The student after whom the round goes on; null when it has ended. */
  @Column('uuid', { nullable: true })
  roundAfter: string | null;
}
