import { FIELD_FAULTS } from '../domain/messages/field-faults.js';
import { Inject, Injectable } from '@nestjs/common';
import { type Caller } from '../platform/access/caller.js';
import { OnceOnly, type KeyedRequest } from '../platform/access/idempotency.js';
import { Problem } from '../platform/http/problem.js';
import { CLOCK, type Clock } from '../platform/clock.js';
import { FieldCipher } from '../platform/database/field-cipher.js';
import { beyond, type Transaction } from '../platform/database/in-scope.js';
import { handlingAt, holds, type Actor } from '../domain/offices.js';
import { CONTACT_FACTS } from '../domain/dossier/personal-facts.js';
import { dateOf } from '../domain/working-days.js';
import { appendNext } from '../platform/ledger/streams.js';
import { actedBy } from '../platform/ledger/acted-by.js';
import type { ContactChange, ContactChanged } from './contact.dto.js';
import { recordFacts } from '../dossier/personal.store.js';

/**
 * Changes the closed list of contacts directly (A11), as effective-dated facts and an act in the student's stream, with encrypted values.
 */
@Injectable()
export class Contact {
  constructor(
    private readonly once: OnceOnly,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly cipher: FieldCipher,
  ) {}

  /** The answer names fields, never values, because a repeated request gets it again for 30 days. */
  async change(caller: Caller, keyed: KeyedRequest, studentId: string, change: ContactChange): Promise<ContactChanged> {
    const now = this.clock.now();
    const { effectiveOn = dateOf(now) } = change;
    const values = Object.fromEntries(CONTACT_FACTS.flatMap((fact) => (change[fact] === undefined ? [] : [[fact, change[fact]]])));
    const fields = Object.keys(values);
    if (fields.length === 0) throw new Problem('nothing-to-change');
    if (effectiveOn > dateOf(now))
      throw new Problem('date-in-future', { errors: [{ pointer: '/effectiveOn', detail: FIELD_FAULTS.future }] });
    const { answer } = await this.once.run(caller, keyed, async (tx, actor) => {
      await tx.query('select 1 from student where id = $1 for update', [studentId]);
      const schoolId = await mustBeClerkOf(tx, actor, studentId);
      await recordFacts(tx, this.cipher, studentId, values, { validFrom: effectiveOn, at: new Date(now) });
      await appendNext(tx, { clock: this.clock, cipher: this.cipher }, 'student', studentId, {
        kind: 'contactChanged',
        by: actedBy(actor, { office: 'schoolClerk', organisationId: schoolId }),
        body: { fields, effectiveOn },
        texts: { changes: JSON.stringify(values) },
      });
      await tx.query('update student set changed_at = $2 where id = $1', [studentId, new Date(now)]);
      return { studentId, fields, effectiveOn };
    });
    return answer;
  }
}

/** The school where the student is, or was last. @throws Problem not-found, not-your-office */
async function mustBeClerkOf(tx: Transaction, actor: Actor, studentId: string): Promise<string> {
  const [row] = await beyond(tx, 'schoolHistory', () =>
    tx.query<{ schoolId: string; seen: boolean }[]>(
      `select e.school_id as "schoolId", o.id = any($2) or o.ancestors && $2 as seen from enrolment e join organisation o
        on o.id = e.school_id
     where e.student_id = $1 order by (e.state in ('active','suspended')) desc, e.valid_from desc, e.recorded_at desc limit 1`,
      [studentId, handlingAt(actor)],
    ),
  );
  if (!row?.seen) throw new Problem('not-found');
  if (!holds(actor, 'schoolClerk', row.schoolId)) throw new Problem('not-your-office');
  return row.schoolId;
}
