import { foundByTheEnd, isOnRoll, type EnrolmentState } from '../../domain/dossier/dossier.js';
import { settleMoot } from '../disputes/disputes.js';
import { wakeAssertions } from '../disputes/exception.js';
import { ownersOf, personOf } from '../person.js';
import { isOverRegisteredTerm } from '../over-registered-term.js';
import { recordFilingNotices } from './filing-notices.js';
import { changeEnrolment, dayOf, textIn, type Effect, type Subject } from '../effect.js';

/** 退学, 注销, 死亡: the enrolment ends; dossier and number stay (A10). A death takes effect on its day. */
export const endEnrolment: Effect = async (subject) => {
  const { details } = subject.loaded.request;
  const effectiveOn = dayOf(subject, textIn(details.diedOn));
  if (subject.to === 'withdrawn' && (await isOverRegisteredTerm(subject.tx, subject.enrolment.studentId, effectiveOn)))
    return { cause: 'over-registered-term' };
  await changeEnrolment(subject, { since: effectiveOn, state: subject.to, suspendedUntil: null, validTo: effectiveOn });
  if (subject.enrolment.state === 'heldDuplicate') await endMatters(subject);
  await recordFilingNotices(subject);
  const { ground, cause, diedOn } = details;
  return { effectiveOn, body: { closedEnrolment: subject.enrolment.id, ground, cause, diedOn } };
};

/** A held registration that ends takes nobody's place any more: whoever it was held against is rid of it. */
async function endMatters({ tx, deps, loaded, enrolment, to }: Subject): Promise<void> {
  const { id } = loaded.request;
  const matters = await settleMoot(tx, enrolment.studentId, { why: to, requestId: id, at: new Date(deps.clock.now()) });
  for (const registrationId of matters) await wakeAssertions(tx, deps, { id, details: { registrationId } });
}

/** 恢复学籍: the same enrolment stands again as the undone change found it, from the day of that change on; history keeps both (A19). */
export const reinstateEnrolment: Effect = async (subject) => {
  const { tx, enrolment, loaded } = subject;
  const [held]: unknown[] = await tx.query(`select 1 from enrolment where student_id = $1 and state in ('active','suspended')`, [
    enrolment.studentId,
  ]);
  if (held) return { cause: 'enrolment-held-elsewhere' };
  const versions = await tx.query<{ state: EnrolmentState; suspendedUntil: string | null }[]>(
    `select state, to_char(suspended_until, 'YYYY-MM-DD') as "suspendedUntil" from enrolment_version where enrolment_id = $1 order by seq`,
    [enrolment.id],
  );
  const before = foundByTheEnd(versions);
  if (!before) return { cause: 'illegal-transition' };
  if (isOnRoll(before.state) && !(await documentIsFree(subject))) return { cause: 'document-in-use' };
  const effectiveOn = dayOf(subject, enrolment.since);
  await changeEnrolment(subject, { since: effectiveOn, state: before.state, suspendedUntil: before.suspendedUntil, validTo: null });
  return { effectiveOn, body: { reopenedEnrolment: enrolment.id, undoes: loaded.request.details.requestId } };
};

/**
 * Since the enrolment ended, a ruling or an amendment may have given the document to somebody else. Then nobody is registered with it here
 * until the other record is put right. A document that nobody else has is the student's own again.
 */
async function documentIsFree({ tx, deps, enrolment: { studentId } }: Subject): Promise<boolean> {
  const contested: unknown[] = await tx.query(`select 1 from student where id = $1 and document_standing = 'contested'`, [studentId]);
  if (contested.length === 0) return true;
  const { document } = await personOf(tx, deps.cipher, studentId);
  if ((await ownersOf(tx, deps.cipher, document, [studentId])).length > 0) return false;
  await tx.query(`update student set document_standing = 'own' where id = $1`, [studentId]);
  return true;
}
