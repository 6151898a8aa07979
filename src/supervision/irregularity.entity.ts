import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** An irregularity 违规 that an authority has registered. */
@Entity()
export class Irregularity {
  @PrimaryColumn('uuid')
  id: string;

  /** The authority that registered it. */
  @ForeignKey('Organisation')
  @Column('uuid')
  authorityId: string;

  /** The organisation that it concerns. */
  @ForeignKey('Organisation')
  @Column('uuid')
  organisationId: string;

  @Column('text')
  category: string;

  @ForeignKey('ChangeRequest')
  @Column('uuid', { nullable: true })
  requestId: string | null;

  @ForeignKey('Student')
  @Column('uuid', { nullable: true })
  studentId: string | null;

  /** The order that followed. */
  @ForeignKey('SupervisionOrder')
  @Column('uuid', { nullable: true })
  orderId: string | null;

  @Column('text', { nullable: true })
  outcome: string | null;

  /** The organisation and all its superiors: who may read it. */
  @Column('uuid', { array: true })
  seenBy: string[];

  @Column('timestamptz')
  registeredAt: Date;

  @Column('timestamptz', { nullable: true })
  outcomeAt: Date | null;

  /** Of the last act in its stream. */
  @Column('int')
  lastSeq: number;
}
