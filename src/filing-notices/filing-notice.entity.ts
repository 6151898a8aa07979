import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/**
 * A notice of filing 备案: the report of a school to a province, of a cross-province transfer or of an unnatural death. A death is
 * told to the city too.
 */
@Entity()
export class FilingNotice {
  @ForeignKey('ChangeRequest')
  @PrimaryColumn('uuid')
  requestId: string;

  @ForeignKey('Organisation')
  @PrimaryColumn('uuid')
  fromSchoolId: string;

  @ForeignKey('Organisation')
  @PrimaryColumn('uuid')
  toProvinceId: string;

  @Column('timestamptz')
  recordedAt: Date;

  @Column('uuid')
  id: string;

  /** The act of the receipt. */
  @Column('int', { nullable: true })
  receivedSeq: number | null;

  @Column('timestamptz', { nullable: true })
  receivedAt: Date | null;

  /** The act of the last query; its text stands beside it. */
  @Column('int', { nullable: true })
  queriedSeq: number | null;

  @Column('timestamptz', { nullable: true })
  queriedAt: Date | null;

  /** The act of the answer; its text stands beside it. */
  @Column('int', { nullable: true })
  answeredSeq: number | null;

  @Column('timestamptz', { nullable: true })
  answeredAt: Date | null;
}
