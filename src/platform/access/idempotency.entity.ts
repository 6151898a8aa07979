import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An idempotency key of a person, and what was answered under it. */
@Entity()
export class Idempotency {
  @PrimaryColumn('uuid')
  personId: string;

  @PrimaryColumn('text')
  key: string;

  /** SHA-256 of method, path and body: another body under the key is refused. */
  @Column('bytea')
  requestHash: Buffer;

  /** Sealed for its person and key; null until the work has ended. */
  @Column('bytea', { nullable: true })
  answer: Buffer | null;

  /** The offices in which the work was done. A repetition is answered while the person holds them; null until the work has ended. */
  @Column('jsonb', { nullable: true })
  standing: object[] | null;

  @Column('timestamptz')
  createdAt: Date;
}
