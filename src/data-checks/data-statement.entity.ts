import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** What a school states of its data in a term 数据核查确认书, and what its authority made of it; acts in the ledger say the same. */
@Entity()
export class DataStatement {
  @PrimaryColumn('uuid')
  id: string;

  @ForeignKey('Organisation')
  @Column('uuid')
  schoolId: string;

  /** The school year of the term. */
  @Column('int')
  year: number;

  @Column('int')
  nth: number;

  /** `returned` may be signed anew. */
  @Column('text')
  state: 'signed' | 'confirmed' | 'returned';

  /** On roll when it was signed. */
  @Column('int')
  students: number;

  /** Doubts by rule when it was signed. */
  @Column('jsonb')
  counts: unknown;

  @ForeignKey('Person')
  @Column('uuid')
  signedBy: string;

  @Column('timestamptz')
  signedAt: Date;

  /** Who of the authority confirmed or returned it. */
  @ForeignKey('Person')
  @Column('uuid', { nullable: true })
  settledBy: string | null;

  @Column('timestamptz', { nullable: true })
  settledAt: Date | null;
}
