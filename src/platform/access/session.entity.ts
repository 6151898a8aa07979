import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** A session of a local account. */
@Entity()
export class Session {
  /** SHA-256 of the token; the token itself is nowhere. */
  @PrimaryColumn('bytea')
  tokenHash: Buffer;

  @ForeignKey('Person')
  @Column('uuid')
  personId: string;

  @Column('timestamptz')
  createdAt: Date;

  @Column('timestamptz')
  expiresAt: Date;
}
