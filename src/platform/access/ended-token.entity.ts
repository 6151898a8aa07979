import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A token of the outside issuer whose session was ended here before it expired. */
@Entity()
export class EndedToken {
  /** SHA-256 of the token. */
  @PrimaryColumn('bytea')
  tokenHash: Buffer;

  @Column('timestamptz')
  expiresAt: Date;
}
