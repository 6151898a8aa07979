import { settleMoot } from '../disputes/disputes.js';
import { wakeAssertions } from '../disputes/wake-assertions.js';
import { isOverRegisteredTerm } from '../over-registered-term.js';
import { recordFilingNotices } from './filing-notices.js';
import { changeEnrolment, dayOf, textIn, type Effect, type Subject } from '../effect.js';

/** 退学, 注销, 死亡: the enrolment ends; dossier and number stay (A10). A death takes effect on its day. */
export const endEnrolment: Effect = async (subject) => {
  const { details } = subject.loaded.request;
  const effectiveOn = dayOf(subject, textIn(details.diedOn));
  if (subject.to === 'withdrawn' && (await isOverRegisteredTerm(subject.tx, subject.enrolment.studentId, effectiveOn)))
    return { cause: 'over-registered-term' };
  // Who died before the day of a transfer never studied there: that enrolment ends on its first day.
  const { validFrom } = subject.enrolment;
  const validTo = effectiveOn < validFrom ? validFrom : effectiveOn;
  await changeEnrolment(subject, { since: effectiveOn, state: subject.to, suspendedUntil: null, validTo });
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
