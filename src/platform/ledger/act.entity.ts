import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An act of the ledger, in the hash chain of its stream. Rows are never changed or removed. */
@Entity()
export class Act {
  /** The request, student, organisation, … that it belongs to. */
  @PrimaryColumn('uuid')
  streamId: string;

  /** Place in the stream, from 1. */
  @PrimaryColumn('int')
  seq: number;

  /** Kind of the stream: request, student, organisation, … */
  @Column('text')
  stream: string;

  @Column('text')
  kind: string;

  /** Whether it wakes the process and counts in its cursor; else it is a note. */
  @Column('boolean')
  process: boolean;

  /** Of an act by the process: `(step, visit, what)`, so that none is written twice. */
  @Column('text', { nullable: true })
  key: string | null;

  /** Never before the act before it. */
  @Column('timestamptz')
  at: Date;

  /** Null of an act by the process. */
  @Column('uuid', { nullable: true })
  personId: string | null;

  /** In which the person acted. */
  @Column('text', { nullable: true })
  office: string | null;

  /** In whose name the person acted. */
  @Column('uuid', { nullable: true })
  organisationId: string | null;

  /** Ids, codes and dates; no free text and nothing personal. */
  @Column('jsonb')
  body: unknown;

  /** Of each text `SHA-256(salt ‖ value)`, covered by the chain. */
  @Column('jsonb', { nullable: true })
  textDigests: unknown;

  /** SHA-256 over the hash before it and all that the act says. */
  @Column('bytea')
  hash: Buffer;

  /** Place among all acts; with gaps. */
  @Column({ type: 'bigint', insert: false, update: false })
  position: string;

  /** The head of the acting organisation on that day (A18); the hash covers it where there is one. */
  @Column('uuid', { nullable: true })
  headId: string | null;

  /** By table, the rows of the stream that its transaction wrote, as it left them; the hash covers them where there are some. */
  @Column('jsonb', { nullable: true })
  derived: unknown;

  /** A code over the hash that only a holder of the index key can make: the database's owner has none. */
  @Column('bytea')
  seal: Buffer;
}
