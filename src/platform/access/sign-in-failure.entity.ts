import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Failed sign-ins in a row by user name, known here or not. */
@Entity()
export class SignInFailure {
  /** Keyed digest of what was given as user name. */
  @PrimaryColumn('bytea')
  usernameHash: Buffer;

  @Column('int')
  failures: number;

  @Column('timestamptz')
  failedAt: Date;

  /** Before this instant a further attempt is refused unread. */
  @Column('timestamptz')
  freeAt: Date;
}
