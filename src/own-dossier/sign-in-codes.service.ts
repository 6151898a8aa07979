import { Inject, Injectable } from '@nestjs/common';
import { holds, type Actor, type Office } from '../domain/offices.js';
import { recordAccess } from '../dossier/accesses.js';
import { type Caller } from '../platform/access/caller.js';
import { OnceOnly, type KeyedRequest } from '../platform/access/idempotency.js';
import { Quotas } from '../platform/access/quotas.js';
import { randomCode } from '../platform/access/random-code.js';
import { CLOCK, isoInShanghai, type Clock } from '../platform/clock.js';
import { FieldCipher } from '../platform/database/field-cipher.js';
import { type Transaction } from '../platform/database/in-scope.js';
import { Problem } from '../platform/http/problem.js';
import { actedBy } from '../platform/ledger/acted-by.js';
import { newId } from '../platform/ledger/new-id.js';
import { appendNext } from '../platform/ledger/streams.js';
import { latestOf } from './latest-enrolment.js';
import type { NewSignInCode, SignInCodeView } from './sign-in-codes.dto.js';
import { signInHash } from './sign-in-hash.js';
import { StudentSignIn } from './student-sign-in.entity.js';

const GOOD_FOR = 24 * 3_600_000;
const BITS = 60;

type At = { office: Office; organisationId: string };

/**
 * One-time codes that a clerk of the school hands to students and guardians. To leavers the authority of the dossier may hand one, too. It
 * is an act in the student's stream, and on the record of reads.
 */
@Injectable()
export class SignInCodes {
  constructor(
    private readonly once: OnceOnly,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly cipher: FieldCipher,
    private readonly quotas: Quotas,
  ) {}

  /** The code is in the first answer alone. @throws Problem not-found, not-your-office, daily-limit-reached */
  async issue(caller: Caller, keyed: KeyedRequest, studentId: string, { holder }: NewSignInCode): Promise<SignInCodeView> {
    const code = randomCode(BITS);
    const { answer, replayed } = await this.quotas.telling(caller, () =>
      this.once.run(caller, keyed, async (tx, actor) => {
        await tx.query('select 1 from student where id = $1 for update', [studentId]);
        const by = actedBy(actor, ...(await mayIssue(tx, actor, studentId)));
        const now = this.clock.now();
        await recordAccess(tx, 'signInCode', studentId, { caller, now, quotas: this.quotas });
        const id = newId();
        const issuedAt = new Date(now);
        await tx.query(
          `update student_sign_in set replaced_at = $3 where student_id = $1 and holder = $2 and used_at is null and replaced_at is null`,
          [studentId, holder, issuedAt],
        );
        await tx.of(StudentSignIn).insert({
          id,
          studentId,
          holder,
          codeHash: signInHash(this.cipher, studentId, code),
          issuedBy: by.personId,
          issuedIn: by.organisationId,
          issuedAt,
          expiresAt: new Date(now + GOOD_FOR),
        });
        await appendNext(tx, { clock: this.clock, cipher: this.cipher }, 'student', studentId, {
          kind: 'signInCodeIssued',
          by,
          body: { signInId: id, holder },
        });
        return { id, studentId, holder, expiresAt: isoInShanghai(now + GOOD_FOR) };
      }),
    );
    return { ...answer, code: replayed ? null : code };
  }
}

/** The offices in which the actor may hand out a code. @throws Problem not-found, not-your-office */
async function mayIssue(tx: Transaction, actor: Actor, studentId: string): Promise<At[]> {
  const { schoolId, hasSchool, authorities } = await latestOf(tx, actor, studentId);
  const may: At[] = [
    { office: 'schoolClerk', organisationId: schoolId },
    ...(hasSchool ? [] : authorities.map((organisationId): At => ({ office: 'authorityReviewer', organisationId }))),
  ];
  if (!may.some(({ office, organisationId }) => holds(actor, office, organisationId))) throw new Problem('not-your-office');
  return may;
}
