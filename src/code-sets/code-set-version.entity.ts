import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { CatalogueEntry } from './catalogues.js';

/** The document that a version follows. */
export interface CatalogueDocument {
  readonly title: string;
  /** Null where it is not known, of a catalogue that came with the installation. */
  readonly number: string | null;
  readonly issuingBody: string;
  readonly date: string | null;
}

/** A version of a code set: drafted by one person and activated by another. The latest activated one is in force; all are kept. */
@Entity()
export class CodeSetVersion {
  @PrimaryColumn('uuid')
  id: string;

  @ForeignKey('CodeSet')
  @Column('uuid')
  codeSetId: string;

  /** From 1 in its set. */
  @Column('int')
  version: number;

  /** The version in force when this one was drafted; 0 when there was none. */
  @Column('int')
  basedOn: number;

  @Column('text')
  state: 'draft' | 'activated' | 'withdrawn';

  /** `{title, number, issuingBody, date}` of the document that it follows. */
  @Column('jsonb')
  document: CatalogueDocument;

  /** The year of intake from which its changes hold. */
  @Column('text')
  firstIntake: string;

  /** The whole set: each code with its name, its category and the years of intake to which it is open. */
  @Column('jsonb')
  entries: CatalogueEntry[];

  /** Null where it came with the installation. */
  @ForeignKey('Person')
  @Column('uuid', { nullable: true })
  draftedBy: string | null;

  @Column('timestamptz', { nullable: true })
  draftedAt: Date | null;

  @ForeignKey('Person')
  @Column('uuid', { nullable: true })
  withdrawnBy: string | null;

  @Column('timestamptz', { nullable: true })
  withdrawnAt: Date | null;

  @ForeignKey('Person')
  @Column('uuid', { nullable: true })
  activatedBy: string | null;

  @Column('timestamptz', { nullable: true })
  activatedAt: Date | null;
}
