import { openBatchCase } from '../dossier/batch-cases.js';
import type { PlainDate } from '../domain/working-days.js';
import type { SchoolWork } from './clerks-work.js';
import { recordGraduationAct } from '../dossier/graduation-acts.js';
import type { EnteredMember, LockedGraduation } from './graduations.store.js';

interface Submitted {
  /** Left out: the graduation's own code. */
  readonly reason?: string;
  /** The competent authority reviews it too, where policy asks. */
  readonly byAuthority: boolean;
  readonly evidenceIds?: readonly string[];
  /** Of a conversion: the day of graduation, where the school has named it. */
  readonly agreedOn?: PlainDate;
}

/** Opens the case of a graduation, and puts on record whom it is about. */
export async function submitForReview(
  { tx, deps, school, by, at }: SchoolWork,
  { id, code }: Pick<LockedGraduation, 'id' | 'code'>,
  members: readonly EnteredMember[],
  { reason = code, byAuthority, evidenceIds = [], agreedOn }: Submitted,
): Promise<void> {
  const request = await openBatchCase(tx, deps, {
    kind: 'graduation',
    schoolId: school.id,
    name: code,
    details: { graduationId: id, ...(agreedOn === undefined ? {} : { agreedOn }) },
    added: byAuthority ? ['authority'] : [],
    evidenceIds,
    by,
    reason,
  });
  await tx.query('update graduation set request_id = $2, submitted_at = $3 where id = $1', [id, request.id, at]);
  await recordGraduationAct(tx, deps, id, { kind: 'submitted', by, body: { requestId: request.id, members } });
}
