import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How much a person or an organisation used of a limit in the present minute or day, over all processes of the API. */
@Entity()
export class Usage {
  /** A person, or an organisation for all its persons together. No foreign key, because it is either. */
  @PrimaryColumn('uuid')
  holderId: string;

  /** The name of the limit. */
  @PrimaryColumn('text')
  what: string;

  /** The beginning of the minute, or of the day in Asia/Shanghai. */
  @Column('timestamptz')
  since: Date;

  /** Times, or bytes. */
  @Column('bigint')
  n: string;
}
