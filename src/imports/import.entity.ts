import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { ImportKind } from '../domain/dossier/imported.js';

/** A list 导入 of what predates the system, which an authority brings in and a second person of it signs off. Its row locks its stream. */
@Entity()
export class Import {
  @PrimaryColumn('uuid')
  id: string;

  @Column('text')
  kind: ImportKind;

  /** In whose name. */
  @ForeignKey('Organisation')
  @Column('uuid')
  authorityId: string;

  @ForeignKey('Person')
  @Column('uuid')
  handedInBy: string;

  @Column('timestamptz')
  handedInAt: Date;

  /** Null until it is signed off or rejected. */
  @Column('text', { nullable: true })
  verdict: 'approve' | 'reject' | null;

  /** Another person than the one who handed it in. */
  @ForeignKey('Person')
  @Column('uuid', { nullable: true })
  decidedBy: string | null;

  @Column('timestamptz', { nullable: true })
  decidedAt: Date | null;

  /** When no row was left to apply. */
  @Column('timestamptz', { nullable: true })
  finishedAt: Date | null;

  /** Of the last act in its stream. */
  @Column('int')
  lastSeq: number;
}
