import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { Office } from '../domain/offices.js';
import type { PlainDate } from '../domain/working-days.js';

/** An admission list 录取名册 of a school and an intake, as it was handed in. Several may follow one another: supplementary admissions. */
@Entity()
export class AdmissionList {
  @PrimaryColumn('uuid')
  id: string;

  @ForeignKey('Organisation')
  @Column('uuid')
  schoolId: string;

  /** Year of the intake. */
  @Column('int')
  year: number;

  @Column('text')
  season: 'spring' | 'autumn';

  /** The day on which those admitted are to report 报到. */
  @Column('date')
  reportsOn: PlainDate;

  /** 招生计划: `[{majorCode, plan}]`, where plans were handed in. */
  @Column('jsonb')
  plans: unknown;

  /** How many were admitted. */
  @Column('int')
  people: number;

  @ForeignKey('Person')
  @Column('uuid')
  handedInBy: string;

  @Column('text')
  office: Office;

  /** In whose name. */
  @ForeignKey('Organisation')
  @Column('uuid')
  organisationId: string;

  @Column('timestamptz')
  recordedAt: Date;

  /** When it was taken back as mistaken; it counts no more. */
  @Column('timestamptz', { nullable: true })
  withdrawnAt: Date | null;

  /** When school and authority were told that people on it have not reported in time; also when nobody was missing then. */
  @Column('timestamptz', { nullable: true })
  missingToldAt: Date | null;
}
