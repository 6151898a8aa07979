import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** How often a person did something in the present minute, over all processes of the API. */
@Entity()
export class PersonRate {
  @ForeignKey('Person')
  @PrimaryColumn('uuid')
  personId: string;

  /** The name of the limit. */
  @PrimaryColumn('text')
  what: string;

  /** The beginning of the minute. */
  @Column('timestamptz')
  minute: Date;

  /** Times. */
  @Column('int')
  n: number;
}
