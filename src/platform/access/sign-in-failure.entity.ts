import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Failed sign-ins in a row by user name, known here or not, and source. */
@Entity()
export class SignInFailure {
  /** Keyed digest of what was given as user name, with the address, the known device or the own session. */
  @PrimaryColumn('bytea')
  attemptHash: Buffer;

  @Column('int')
  failures: number;

  @Column('timestamptz')
  failedAt: Date;

  /** Before this instant a further attempt is refused unread. */
  @Column('timestamptz')
  freeAt: Date;
}
