import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { Entry } from '../domain/dossier/study.js';

/** A major that a school offers to a year of intake, as filed 专业备案. */
@Entity()
export class SchoolMajor {
  @ForeignKey('Organisation')
  @PrimaryColumn('uuid')
  schoolId: string;

  /** Year of intake to which it is offered. */
  @PrimaryColumn('text')
  intake: string;

  /** Of the catalogue of majors. */
  @PrimaryColumn('text')
  majorCode: string;

  /** Of the code set `study-modes`. */
  @PrimaryColumn('text')
  studyMode: string;

  /** Length of schooling in years. */
  @PrimaryColumn('numeric', { precision: 2, scale: 1 })
  lengthYears: string;

  /** From which stage its students come 招生对象. */
  @Column('text')
  entry: Entry;
}
