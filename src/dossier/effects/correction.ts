import { touchesIdentity, type Personal } from '../../domain/dossier/personal-facts.js';
import { studentOf } from '../../cases/read-model.js';
import { correctionIn } from '../correction-texts.js';
import { anotherHas, presentPersonal, recordFacts } from '../personal.store.js';
import { textIn, type Effect, type Subject } from '../effect.js';
import { nowAuthenticated } from '../disputes/namesakes.js';
import { authenticationBy, notConfirmed } from '../identity-gate.js';

/**
 * 信息变更 (Art 16): the approved values are in force from the day of effect. The old ones stay on record, and the student number stays.
 * Nothing happens in two cases:
 * 1. The population service has not confirmed the new identity.
 * 2. Somebody else has the document.
 */
export const applyCorrection: Effect = async (subject) => {
  const { tx, deps, loaded, enrolment, today } = subject;
  const { id, details } = loaded.request;
  const studentId = studentOf(loaded.request);
  const { changes } = await correctionIn(tx, deps.cipher, id);
  const fields = Object.keys(changes);
  const unconfirmed = notConfirmed(subject, changes);
  if (unconfirmed) return unconfirmed;
  if (await documentTaken(subject, changes)) return { cause: 'document-in-use' };
  const effectiveOn = textIn(details.effectiveOn) ?? today;
  const stated = { validFrom: effectiveOn, at: new Date(deps.clock.now()), requestId: id };
  await recordFacts(tx, deps.cipher, studentId, changes, {
    ...stated,
    ...(touchesIdentity(fields) ? { authentication: authenticationBy(subject) } : {}),
    // Nobody else has it: a document that was shared by a ruling, or contested, has been put right.
    ...(changes.documentNumber === undefined ? {} : { ownership: 'own' as const }),
  });
  await nowAuthenticated(tx, deps, studentId, stated);
  return { effectiveOn, body: { enrolment: enrolment.id, fields } };
};

/** Looked at before the index that says so is written, so that the case parks with the cause. */
export async function documentTaken({ tx, deps, loaded }: Subject, changes: Personal): Promise<boolean> {
  const studentId = studentOf(loaded.request);
  if (changes.documentNumber === undefined) return false;
  return anotherHas(tx, deps.cipher, studentId, await presentPersonal(tx, deps.cipher, studentId), changes);
}
