import { confirms, type Act } from '../../domain/acts.js';
import { touchesIdentity, type Personal } from '../../domain/personal-facts.js';
import { asAct } from '../../requests/case-store.js';
import { correctionIn } from '../../requests/correction-texts.js';
import { documentIndex, presentPersonal, state } from '../personal-store.js';
import { textIn, type Cause, type Effect, type Subject } from './effect.js';

/** So long an approval waits for the first answer of the population service before the case parks. */
const FIRST_ANSWER = 60_000;
const LOOK_AGAIN = 1000;

/**
 * 信息变更 (Art 16): the approved values hold from the day of effect on; the old ones stay on record, and the student number is not
 * touched. Nothing happens while the population service has not confirmed the new identity, or while somebody else has the
 * document.
 */
export const correct: Effect = async (subject) => {
  const { tx, deps, loaded, enrolment, today } = subject;
  const { id, studentId, details } = loaded.request;
  const { changes } = await correctionIn(tx, deps.cipher, id);
  const fields = Object.keys(changes);
  const unconfirmed = touchesIdentity(fields) ? notConfirmed(subject) : undefined;
  if (unconfirmed) return unconfirmed;
  if (await documentTaken(subject, changes)) return { cause: 'document-in-use' };
  const effectiveOn = textIn(details.effectiveOn) ?? today;
  await state(tx, deps.cipher, studentId, changes, { validFrom: effectiveOn, at: new Date(deps.clock.now()), requestId: id });
  return { effectiveOn, body: { enrolment: enrolment.id, fields } };
};

type IdentityAct = Extract<Act, { kind: 'identityChecked' }>;

function notConfirmed({ deps, loaded }: Subject): { cause: Cause } | { later: number } | undefined {
  const acts = loaded.acts.map(asAct);
  const last = acts.findLast((act): act is IdentityAct => act.kind === 'identityChecked');
  const decidedAt = acts.findLast(({ kind }) => kind === 'decided')?.at ?? 0;
  if (!last && deps.clock.now() - decidedAt < FIRST_ANSWER) return { later: LOOK_AGAIN };
  if (!last || last.answer === 'unavailable') return { cause: 'identity-service-unavailable' };
  return confirms(last) ? undefined : { cause: 'identity-not-confirmed' };
}

/** One document, one person: the index that says so is looked at first, so that the case parks with the cause. */
async function documentTaken({ tx, deps, loaded }: Subject, changes: Personal): Promise<boolean> {
  if (changes.documentNumber === undefined) return false;
  const { documentType = '', documentNumber = '' } = { ...(await presentPersonal(tx, deps.cipher, loaded.request.studentId)), ...changes };
  const [other]: unknown[] = await tx.query('select 1 from student where document_index = $1 and id <> $2', [
    documentIndex(deps.cipher, { documentType, documentNumber }),
    loaded.request.studentId,
  ]);
  return other !== undefined;
}
