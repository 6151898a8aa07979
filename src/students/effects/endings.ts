import type { EnrolmentState } from '../../domain/dossier.js';
import { changeEnrolment, dayOf, textIn, type Effect } from './effect.js';

/** 退学, 注销, 死亡: the enrolment ends; dossier and number stay (A10). A death takes effect on its day. */
export const end: Effect = async (subject) => {
  const { details } = subject.loaded.request;
  const effectiveOn = dayOf(subject, textIn(details.diedOn));
  await changeEnrolment(subject, { since: effectiveOn, state: subject.to, suspendedUntil: null, validTo: effectiveOn });
  const { ground, cause, diedOn } = details;
  return { effectiveOn, body: { closedEnrolment: subject.enrolment.id, ground, cause, diedOn } };
};

/** 恢复学籍: the same enrolment stands again as the undone change found it, from the day of that change on; history keeps both (A19). */
export const reinstate: Effect = async (subject) => {
  const { tx, enrolment, loaded } = subject;
  const [held]: unknown[] = await tx.query(`select 1 from enrolment where student_id = $1 and state in ('active','suspended')`, [
    enrolment.studentId,
  ]);
  if (held) return { cause: 'enrolment-held-elsewhere' };
  const [before]: { state: EnrolmentState; suspendedUntil: string | null }[] = await tx.query(
    `select state, to_char(suspended_until, 'YYYY-MM-DD') as "suspendedUntil" from enrolment_version
     where enrolment_id = $1 and state in ('active','suspended') order by seq desc limit 1`,
    [enrolment.id],
  );
  if (!before) return { cause: 'illegal-transition' };
  const effectiveOn = dayOf(subject, enrolment.since);
  await changeEnrolment(subject, { since: effectiveOn, state: before.state, suspendedUntil: before.suspendedUntil, validTo: null });
  return { effectiveOn, body: { reopenedEnrolment: enrolment.id, undoes: loaded.request.details.requestId } };
};
