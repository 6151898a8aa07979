import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { ipKeyGenerator } from 'express-rate-limit';
import type { DataSource } from 'typeorm';
import { documentKey, normaliseDocumentNumber } from '../domain/dossier/id-document.js';
import type { StudentCaller } from '../platform/access/caller.js';
import { tokenHashOf } from '../platform/access/callers.js';
import { StudentSession } from '../platform/access/student-session.entity.js';
import { attemptOf, beginAttempt, forgetFailures } from '../platform/access/sign-in-failures.js';
import { CLOCK, isoInShanghai, type Clock } from '../platform/clock.js';
import { FieldCipher } from '../platform/database/field-cipher.js';
import { inScope, type Transaction } from '../platform/database/in-scope.js';
import { Problem } from '../platform/http/problem.js';
import { signInHash } from './sign-in-hash.js';
import type { StudentCredentials, StudentSessionView } from './student-sessions.dto.js';

const GOOD_FOR = 3_600_000;
const MOST_ATTEMPTS = 5;
/** Whose codes are asked for where there is no such student, so that the same work is done. */
const NOBODY = '00000000-0000-0000-0000-000000000000';

const STUDENT = 'select id from student where number_index = $1 and document_index = $2';
/**
 * Counts the attempt with each open code of the student, before any is compared. Attempts at the same time wait for the rows one after
 * another, so a sixth is never compared.
 */
const ATTEMPT = `
  with tried as (
    update student_sign_in set attempts = attempts + 1
    where student_id = $1 and used_at is null and replaced_at is null and expires_at > $2 and attempts < ${MOST_ATTEMPTS}
    returning id, holder, code_hash)
  select id, holder, code_hash = $3 as matches from tried`;

interface Tried {
  readonly id: string;
  readonly holder: StudentCaller['holder'];
  readonly matches: boolean;
}

/** Students and guardians sign in by document, student number and a code that an office handed out. */
@Injectable()
export class StudentSessions {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly cipher: FieldCipher,
  ) {}

  /** @throws Problem wrong-sign-in, the same whatever is wrong; too-many-requests */
  async open(credentials: StudentCredentials, address: string): Promise<StudentSessionView> {
    const now = this.clock.now();
    const number = normaliseDocumentNumber(credentials.studentNumber);
    const document = documentKey({ type: credentials.documentType, number: credentials.documentNumber });
    const attempt = attemptOf(this.cipher, this.cipher.index('studentSignIn', JSON.stringify([number, document])), {
      address: ipKeyGenerator(address, 64),
    });
    await beginAttempt(this.db, attempt, now);
    const token = randomBytes(32).toString('base64url');
    const opened = await inScope(this.db, 'system', async (tx) => {
      const digests = [this.cipher.index('studentNumber', number), this.cipher.index('document', document)];
      const [student] = await tx.query<{ id: string }[]>(STUDENT, digests);
      const studentId = student?.id ?? NOBODY;
      const tried = await tx.query<Tried[]>(ATTEMPT, [studentId, new Date(now), signInHash(this.cipher, studentId, credentials.code)]);
      const right = tried.find(({ matches }) => matches);
      if (!right) return undefined;
      await forgetFailures(tx, attempt);
      return this.keep(tx, { ...right, studentId, token, now });
    });
    // Thrown after the commit, because the attempts count.
    if (!opened) throw new Problem('wrong-sign-in');
    return { token, holder: opened, expiresAt: isoInShanghai(now + GOOD_FOR) };
  }

  private async keep(
    tx: Transaction,
    { id, studentId, holder, token, now }: Tried & { studentId: string; token: string; now: number },
  ): Promise<StudentCaller['holder']> {
    await tx.query('update student_sign_in set used_at = $2 where id = $1', [id, new Date(now)]);
    await tx
      .of(StudentSession)
      .insert({ tokenHash: tokenHashOf(token), studentId, holder, createdAt: new Date(now), expiresAt: new Date(now + GOOD_FOR) });
    return holder;
  }

  async close({ tokenHash }: StudentCaller): Promise<void> {
    await inScope(this.db, 'system', (tx) => tx.query('delete from student_session where token_hash = $1', [tokenHash]));
  }
}
