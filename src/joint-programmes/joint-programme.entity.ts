import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { PlainDate } from '../domain/working-days.js';

/** A joint programme 联合办学: schools that train students of some majors together. */
@Entity()
export class JointProgramme {
  @PrimaryColumn('uuid')
  id: string;

  @Column('text')
  name: string;

  @Column('uuid', { array: true })
  schoolIds: string[];

  /** Majors of the national catalogue. */
  @Column('text', { array: true })
  majorCodes: string[];

  /** The year of intake of its students. */
  @Column('text')
  intakeYear: string;

  /** The agreement 协议 between the schools. */
  @Column('jsonb')
  agreement: unknown;

  @Column('date')
  validFrom: PlainDate;

  /** The last day, inclusive. */
  @Column('date')
  validTo: PlainDate;

  /** The authority that established it. */
  @ForeignKey('Organisation')
  @Column('uuid')
  authorityId: string;

  @ForeignKey('Person')
  @Column('uuid')
  establishedBy: string;

  @Column('timestamptz')
  establishedAt: Date;

  /** The schools and all their superiors: who may read it. */
  @Column('uuid', { array: true })
  seenBy: string[];
}
