import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** Whose account a subject of the outside issuer is, because an administrator bound it. No claim of a token binds. */
@Entity()
export class IssuerSubject {
  /** Keyed digest of issuer and subject. */
  @PrimaryColumn('bytea')
  subjectHash: Buffer;

  @Column('text')
  issuer: string;

  @ForeignKey('Person')
  @Column('uuid')
  personId: string;

  @Column('timestamptz')
  boundAt: Date;
}
