import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** A school whose students have changed since they were counted. Appended by triggers, so that no change waits for another. */
@Entity()
export class TermRecount {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  id: string;

  @Column('uuid')
  schoolId: string;
}
