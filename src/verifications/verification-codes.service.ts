import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import type { StudentCaller } from '../platform/access/caller.js';
import { randomCode } from '../platform/access/random-code.js';
import { CLOCK, isoInShanghai, type Clock } from '../platform/clock.js';
import { FieldCipher } from '../platform/database/field-cipher.js';
import { inScope, type Transaction } from '../platform/database/in-scope.js';
import { Problem } from '../platform/http/problem.js';
import { newId } from '../platform/ledger/new-id.js';
import { codeHash } from './code-hash.js';
import type { IssuedVerificationCode, NewVerificationCode, VerificationCodeView } from './verification-codes.dto.js';

const DAY = 24 * 3_600_000;
const BITS = 100;
const DAYS = 30;
/** Codes of a student that verify at one time. */
const MOST_CODES = 20;

const ISSUE = `
  insert into verification_code (id, student_id, purpose, code_hash, issued_at, expires_at)
  select $1, s.id, $3, $4, $5, $6 from student s where s.id = $2
    and (select count(*) from verification_code c where c.student_id = s.id and c.revoked_at is null and c.expires_at > $5) < ${MOST_CODES}
  returning 1`;

const REVOKE = `
  with revoked as (update verification_code set revoked_at = coalesce(revoked_at, $3) where id = $1 and student_id = $2 returning 1)
  select 1 from revoked`;

/** By code the latest uses. A student has few codes: each of those that verified anything lately is shown. */
const CODES = `
  select c.id, c.purpose, c.issued_at as "issuedAt", c.expires_at as "expiresAt", c.revoked_at as "revokedAt",
    array(select u.at from verification_use u where u.student_id = c.student_id and u.code_id = c.id order by u.id desc limit 50) as uses
  from verification_code c where c.student_id = $1 order by c.issued_at desc, c.id desc limit 100`;

type Row = Omit<VerificationCodeView, 'issuedAt' | 'expiresAt' | 'revokedAt' | 'uses'> & {
  issuedAt: Date;
  expiresAt: Date;
  revokedAt: Date | null;
  uses: Date[];
};

/** Codes that a student gives away, so that others verify what the student says (Art 23). */
@Injectable()
export class VerificationCodes {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly cipher: FieldCipher,
  ) {}

  /** @throws Problem too-many-codes */
  async issue({ studentId }: StudentCaller, { purpose, validDays = DAYS }: NewVerificationCode): Promise<IssuedVerificationCode> {
    const [id, code, now] = [newId(), randomCode(BITS), this.clock.now()];
    const expires = now + validDays * DAY;
    const values = [id, studentId, purpose, codeHash(this.cipher, code), new Date(now), new Date(expires)];
    const made = await inScope(this.db, 'system', async (tx) => {
      // Two requests at once are counted one after the other.
      await tx.query('select 1 from student where id = $1 for no key update', [studentId]);
      return tx.query<unknown[]>(ISSUE, values);
    });
    if (made.length === 0) throw new Problem('too-many-codes');
    return { id, purpose, issuedAt: isoInShanghai(now), expiresAt: isoInShanghai(expires), revokedAt: null, uses: [], code };
  }

  /** @throws Problem not-found for a code that is not the student's */
  async revoke({ studentId }: StudentCaller, id: string): Promise<void> {
    const revoked = await inScope(this.db, 'system', (tx) => tx.query<unknown[]>(REVOKE, [id, studentId, new Date(this.clock.now())]));
    if (revoked.length === 0) throw new Problem('not-found');
  }
}

/** A student's codes, the latest first. */
export async function verificationCodesOf(tx: Transaction, studentId: string): Promise<VerificationCodeView[]> {
  const rows = await tx.query<Row[]>(CODES, [studentId]);
  return rows.map(({ id, purpose, issuedAt, expiresAt, revokedAt, uses }) => ({
    id,
    purpose,
    issuedAt: isoInShanghai(issuedAt.getTime()),
    expiresAt: isoInShanghai(expiresAt.getTime()),
    revokedAt: revokedAt && isoInShanghai(revokedAt.getTime()),
    uses: uses.map((at) => isoInShanghai(at.getTime())),
  }));
}
