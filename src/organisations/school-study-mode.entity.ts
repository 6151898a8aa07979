import { Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** A study mode of the licence of a school. */
@Entity()
export class SchoolStudyMode {
  @ForeignKey('Organisation')
  @PrimaryColumn('uuid')
  schoolId: string;

  @PrimaryColumn('text')
  studyMode: string;
}
