import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** A person with an account. */
@Entity()
export class Person {
  @PrimaryColumn('uuid')
  id: string;

  /** What the person signs in with. */
  @Column('text')
  username: string;

  @Column('text')
  displayName: string;

  /** argon2id; null where only tokens of the outside issuer open a session. */
  @Column('text', { nullable: true })
  passwordHash: string | null;

  /** Since when the account is closed. */
  @Column('timestamptz', { nullable: true })
  disabledAt: Date | null;

  /** Address for notifications, set by the person; encrypted. */
  @Column('bytea', { nullable: true })
  emailCipher: Buffer | null;

  /** Where the person was entered: its administrators look after the account (A22). */
  @ForeignKey('Organisation')
  @Column('uuid', { nullable: true })
  enteredIn: string | null;

  @Column('timestamptz', { nullable: true })
  enteredAt: Date | null;

  /** Until when a one-time password opens a session; null once the person has chosen one. */
  @Column('timestamptz', { nullable: true })
  passwordOnceUntil: Date | null;

  /** argon2id of the last one-time password, which the person may not choose again. */
  @Column('text', { nullable: true })
  issuedHash: string | null;

  /** Keyed digest of the issuer and the subject whose tokens open the account, as an administrator bound it. Then it has no password. */
  @Column('bytea', { nullable: true })
  subjectHash: Buffer | null;
}
