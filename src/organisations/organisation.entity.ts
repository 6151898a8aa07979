import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { Level, SchoolType } from '../domain/offices.js';
import type { PlainDate } from '../domain/working-days.js';

/** An organisation 机构: an authority of some level, or a school. */
@Entity()
export class Organisation {
  @PrimaryColumn('uuid')
  id: string;

  /** Its code in the directory; lasting. */
  @Column('text')
  code: string;

  @Column('text')
  name: string;

  /** Where it stands (Art 4, 5). */
  @Column('text')
  level: Level;

  /** What kind of school it is; null of an authority. */
  @Column('text', { nullable: true })
  type: SchoolType | null;

  /** Of a school its competent authority, else the superior authority. */
  @ForeignKey('Organisation')
  @Column('uuid', { nullable: true })
  parentId: string | null;

  /** All superiors, nearest first. */
  @Column('uuid', { array: true })
  ancestors: string[];

  /** The province above it, whose policy and calendar hold; null of the nation. */
  @ForeignKey('Organisation')
  @Column('uuid', { nullable: true })
  provinceId: string | null;

  /** Administrative division, six digits (GB/T 2260). */
  @Column('text')
  divisionCode: string;

  /** A school that has no account here; its authority answers for it (A23). */
  @Column('boolean')
  answersOutside: boolean;

  /** The first day on which it is no more (Art 12). */
  @Column('date', { nullable: true })
  closedOn: PlainDate | null;

  /** The school into which it was merged. */
  @ForeignKey('Organisation')
  @Column('uuid', { nullable: true })
  successorId: string | null;

  /** The authority that holds what a school without successor held, since its closure (A25). */
  @ForeignKey('Organisation')
  @Column('uuid', { nullable: true })
  actingId: string | null;
}
