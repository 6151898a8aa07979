import { Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** A major that a school offers. */
@Entity()
export class SchoolMajor {
  @ForeignKey('Organisation')
  @PrimaryColumn('uuid')
  schoolId: string;

  /** Of the national catalogue. */
  @PrimaryColumn('text')
  majorCode: string;
}
