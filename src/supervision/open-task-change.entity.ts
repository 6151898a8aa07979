import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** What is not in `open_task_count` yet. Appended by triggers on `task` alone, so that no decision waits for another. */
@Entity()
export class OpenTaskChange {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  id: string;

  @Column('uuid')
  holderId: string;

  @Column('timestamptz')
  dueAt: Date;

  @Column('text')
  kind: string;

  /** Tasks that opened, less those that ended. */
  @Column('int')
  n: number;
}
