import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/**
 * 1. `waiting`: it is applied after the sign-off.
 * 2. `held`: a person, or a number, may be registered elsewhere.
 * 3. `faulty`: what was clean when it was handed in contradicts what is on record now.
 * 4. `known`: the same row was applied before.
 * 5. `applied`: it stands in the dossier.
 */
export const IMPORT_ROW_STATES = ['waiting', 'held', 'faulty', 'known', 'applied'] as const;
export type ImportRowState = (typeof IMPORT_ROW_STATES)[number];

/** A row of an import. */
@Entity()
export class ImportRow {
  @ForeignKey('Import')
  @PrimaryColumn('uuid')
  importId: string;

  /** As the list counts. */
  @PrimaryColumn('int')
  row: number;

  /** Keyed digest of what makes the row the same row: of it one is applied. */
  @Column('bytea')
  identity: Buffer;

  /** Keyed digest of all that it says. */
  @Column('bytea')
  content: Buffer;

  /** What it says, as JSON, encrypted. Null once it is applied, because the dossier says it then. */
  @Column('bytea', { nullable: true })
  saysCipher: Buffer | null;

  /** The name with all but its first character hidden. */
  @Column('text')
  maskedName: string;

  /** Null where the row names no school. */
  @ForeignKey('Organisation')
  @Column('uuid', { nullable: true })
  schoolId: string | null;

  @Column('text')
  state: ImportRowState;

  /** Why it is held or faulty: a code. */
  @Column('text', { nullable: true })
  cause: string | null;

  /** Whose dossier it went into. */
  @ForeignKey('Student')
  @Column('uuid', { nullable: true })
  studentId: string | null;
}
