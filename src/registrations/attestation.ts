import { attachable } from '../evidence/attachable.js';
import { beyond, type Transaction } from '../platform/database/in-scope.js';
import { Problem } from '../platform/http/problem.js';
import { actedBy } from '../platform/ledger/acted-by.js';
import { appendNext } from '../platform/ledger/streams.js';
import { FIELD_FAULTS } from '../domain/messages/field-faults.js';
import { handlingAt, holds, type Actor } from '../domain/offices.js';
import { dateOf } from '../domain/working-days.js';
import type { CaseContext } from '../cases/case-context.js';
import { lockBothSides, nowAuthenticated } from '../dossier/disputes/namesakes.js';
import type { Authentication } from '../dossier/student.entity.js';
import { oneRegistration } from './registrations.views.js';
import type { AttestIdentity } from './registrations.dto.js';

interface Attested {
  readonly studentId: string;
  readonly authentication: Authentication;
  readonly authorityId: string;
}

/** The student's present school says whose reviewer attests. */
const TO_ATTEST = `
  select s.id as "studentId", s.authentication, o.parent_id as "authorityId" from registration g join student s on s.id = g.student_id
    join enrolment e on e.student_id = s.id and e.state in ('pending','heldDuplicate','active','suspended')
    join organisation o on o.id = e.school_id
  where g.id = $1 order by e.valid_from desc limit 1 for update of s`;

/**
 * The reviewer of the competent authority attests an original of the police, as an act of its own (Art 9, R-09). The copies join the
 * dossier, and the formal number follows when nothing else is wanting.
 * @throws Problem not-found, not-your-office, identity-authenticated, unknown-evidence
 */
export async function attestIdentity(
  tx: Transaction,
  context: CaseContext,
  actor: Actor,
  id: string,
  { evidenceIds, note }: AttestIdentity,
): Promise<void> {
  const shown = await oneRegistration(tx, context.cipher, handlingAt(actor), id);
  if (shown?.side !== 'own') throw new Problem('not-found');
  await beyond(tx, 'registration', () => lockBothSides(tx, shown.studentId));
  const [one] = await tx.query<Attested[]>(TO_ATTEST, [id]);
  if (!one || !holds(actor, 'authorityReviewer', one.authorityId)) throw new Problem('not-your-office');
  if (one.authentication !== 'pending') throw new Problem('identity-authenticated');
  const now = context.clock.now();
  const found = await attachable(tx, evidenceIds, handlingAt(actor), now);
  if (found.length < evidenceIds.length)
    throw new Problem('unknown-evidence', {
      errors: [{ pointer: '/evidenceIds', detail: FIELD_FAULTS.notOwnEvidence }],
    });
  await beyond(tx, 'registration', async () => {
    await tx.query(`update student set authentication = 'attested', changed_at = $2 where id = $1`, [one.studentId, new Date(now)]);
    await tx.query('delete from registration_check where registration_id = $1', [id]);
    await tx.query(
      `insert into dossier_evidence (student_id, evidence_id, request_id, joined_at) select $1, unnest($2::uuid[]), $3, $4
        on conflict do nothing`,
      [one.studentId, evidenceIds, id, new Date(now)],
    );
    await nowAuthenticated(tx, context, one.studentId, { validFrom: dateOf(now), at: new Date(now) });
    await appendNext(tx, context, 'student', one.studentId, {
      kind: 'identityAttested',
      key: `identityAttested:${id}`,
      by: actedBy(actor, { office: 'authorityReviewer', organisationId: one.authorityId }),
      body: { registrationId: id, evidenceIds },
      texts: { note },
    });
  });
}
