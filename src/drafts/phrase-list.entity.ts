import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** The phrases that a person often writes in opinions 常用语. */
@Entity()
export class PhraseList {
  @ForeignKey('Person')
  @PrimaryColumn('uuid')
  personId: string;

  /** JSON, encrypted. */
  @Column('bytea')
  phrasesCipher: Buffer;

  @Column('timestamptz')
  changedAt: Date;
}
