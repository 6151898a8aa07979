import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { PlainDate } from '../domain/working-days.js';

/** What a school answers of a doubt 疑点核实. It stands while the rule sees the same. */
@Entity()
export class DoubtAnswer {
  @ForeignKey('Organisation')
  @PrimaryColumn('uuid')
  schoolId: string;

  @ForeignKey('Student')
  @PrimaryColumn('uuid')
  studentId: string;

  @PrimaryColumn('text')
  rule: string;

  /** What the rule saw when it was answered. */
  @Column('jsonb')
  seen: unknown;

  @Column('text')
  answer: 'explained' | 'corrected' | 'willCorrect';

  /** The last day of the answer: by then the rule finds nothing more. Null for what is explained. */
  @Column('date', { nullable: true })
  correctBy: PlainDate | null;

  /** What the school says of it. Encrypted. */
  @Column('bytea', { nullable: true })
  textCipher: Buffer | null;

  @ForeignKey('Person')
  @Column('uuid')
  answeredBy: string;

  @Column('timestamptz')
  answeredAt: Date;
}
