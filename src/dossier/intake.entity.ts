import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** An intake 招生批次 of a school: new students who are reviewed and registered together (Art 6, Art 9). Its row locks its stream. */
@Entity()
export class Intake {
  @PrimaryColumn('uuid')
  id: string;

  @ForeignKey('Organisation')
  @Column('uuid')
  schoolId: string;

  /** In which its registration ends. */
  @Column('int')
  year: number;

  @Column('text')
  season: 'spring' | 'autumn';

  /** First, second … of the school in that season; the latest is the running one. */
  @Column('int')
  nth: number;

  /** Null where no person did. */
  @ForeignKey('Person')
  @Column('uuid', { nullable: true })
  openedBy: string | null;

  @Column('timestamptz')
  openedAt: Date;

  /** When the authority was told that the cut-off is near and rows are left. */
  @Column('timestamptz', { nullable: true })
  warnedAt: Date | null;

  /** Of the last act in its stream. */
  @Column('int')
  lastSeq: number;
}
