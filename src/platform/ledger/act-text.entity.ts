import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** A free text or personal field of an act. Erasing value and salt breaks no chain, because the chain covers their digest. */
@ForeignKey('Act', ['streamId', 'seq'], ['streamId', 'seq'])
@Entity()
export class ActText {
  @PrimaryColumn('uuid')
  streamId: string;

  @PrimaryColumn('int')
  seq: number;

  @PrimaryColumn('text')
  field: string;

  /** Null once erased. */
  @Column('bytea', { nullable: true })
  salt: Buffer | null;

  /** Encrypted; null once erased. */
  @Column('bytea', { nullable: true })
  cipher: Buffer | null;
}
