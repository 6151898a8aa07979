import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import type { Browser } from './browser.js';

/** A session that this system opened, for a bearer token or for the cookie of a browser. */
@Entity()
export class Session {
  /** SHA-256 of the token; the token itself is nowhere. */
  @PrimaryColumn('bytea')
  tokenHash: Buffer;

  /** By which its holder names it when ending it from elsewhere. It opens nothing. */
  @Column('uuid')
  id: string;

  @ForeignKey('Person')
  @Column('uuid')
  personId: string;

  /** The family of the browser whose cookie carries the token; null for a bearer token. Neither is taken for the other. */
  @Column('text', { nullable: true })
  browser: Browser | null;

  /** The person's `subject_hash` by which the issuer opened it, else null. Another binding, or a password, ends it. */
  @Column('bytea', { nullable: true })
  subjectHash: Buffer | null;

  @Column('timestamptz')
  createdAt: Date;

  /** When it was last used, to within a few minutes. */
  @Column('timestamptz')
  usedAt: Date;

  @Column('timestamptz')
  expiresAt: Date;
}
