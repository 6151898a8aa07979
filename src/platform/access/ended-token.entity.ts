import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A token of the outside issuer whose session was ended here before it expired. */
@Entity()
export class EndedToken {
  /** SHA-256 of what the issuer signed: another encoding of the signature, or another good one, is the same token. */
  @PrimaryColumn('bytea')
  tokenHash: Buffer;

  @Column('timestamptz')
  expiresAt: Date;
}
