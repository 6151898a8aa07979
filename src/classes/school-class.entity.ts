import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { PlainDate } from '../domain/working-days.js';

/** A class 班级 of a school: a copy of the acts in the school's stream. Enrolments name their class. */
@Entity()
export class SchoolClass {
  @PrimaryColumn('uuid')
  id: string;

  @ForeignKey('Organisation')
  @Column('uuid')
  schoolId: string;

  /** Unique among the school's open classes. */
  @Column('text')
  name: string;

  /** Under which it was open before: what named it so means it still. The latest ten. */
  @Column('text', { array: true })
  formerNames: string[];

  /** The year of intake of its students. */
  @Column('text')
  grade: string;

  /** Of the national catalogue; null where the school teaches no major. */
  @Column('text', { nullable: true })
  majorCode: string | null;

  /** The head teacher 班主任. */
  @Column('text', { nullable: true })
  headTeacher: string | null;

  /** How many students it is meant for. */
  @Column('int', { nullable: true })
  size: number | null;

  @Column('date')
  openedOn: PlainDate;

  /** The day on which it was closed or merged, by its school or with it; null while it is open. */
  @Column('date', { nullable: true })
  closedOn: PlainDate | null;

  /** The class into which its students went, after a merger of schools one of the other school. */
  @ForeignKey('SchoolClass')
  @Column('uuid', { nullable: true })
  mergedInto: string | null;
}
