import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** A filing that a person has begun and not sent 草稿: seen by nobody else, and gone thirty days after it was saved last. */
@Entity()
export class Draft {
  @ForeignKey('Person')
  @PrimaryColumn('uuid')
  personId: string;

  /** Chosen by the client. */
  @PrimaryColumn('uuid')
  id: string;

  /** Kind of request; null while none is chosen. */
  @Column('text', { nullable: true })
  kind: string | null;

  /** 1, and one more each time it is saved. */
  @Column('int')
  version: number;

  @Column('timestamptz')
  savedAt: Date;

  /** What its person calls it, encrypted, because it may name a student. */
  @Column('bytea')
  titleCipher: Buffer;

  /** What was entered so far, in the words of the page that saved it; encrypted JSON. */
  @Column('bytea')
  contentCipher: Buffer;
}
