import type { FieldCipher } from '../../platform/database/field-cipher.js';
import type { Transaction } from '../../platform/database/in-scope.js';
import { touchesIdentity, type Identity, type Personal } from '../../domain/dossier/personal-facts.js';
import { appendNext } from '../../platform/ledger/streams.js';
import { dayOf, type Subject } from '../effect.js';
import { authenticationBy } from '../identity-gate.js';
import { presentPersonal, recordFacts } from '../personal.store.js';
import { releaseNamesakes } from './namesakes.js';
import { factsOf, ownersOf, personFrom, personOf, type Person } from '../person.js';

/** The student's identity with the amendments of an assertion, or undefined if it amends none of it. */
export async function amendedPerson(
  tx: Transaction,
  cipher: FieldCipher,
  studentId: string,
  changes: Personal,
): Promise<Person | undefined> {
  if (!touchesIdentity(Object.keys(changes))) return undefined;
  return personFrom({ ...factsOf(await personOf(tx, cipher, studentId)), ...changes } as Identity);
}

/** Whether the document is a third person's, who is no side of this matter. */
export async function isTaken(
  tx: Transaction,
  cipher: FieldCipher,
  studentId: string,
  { document }: Person,
  sides: readonly { readonly themStudentId: string }[],
): Promise<boolean> {
  const except = [studentId, ...sides.map(({ themStudentId }) => themStudentId)];
  return (await ownersOf(tx, cipher, document, except)).length > 0;
}

/**
 * The amended values are in force from the day of effect, as those of a correction are. Former values stay on record and in the student's
 * stream, encrypted. The number stays.
 */
export async function amendIdentity(subject: Subject, changes: Personal, person: Person | undefined): Promise<void> {
  const { tx, deps, loaded, enrolment, today } = subject;
  const { studentId } = enrolment;
  const on = dayOf(subject);
  const before = await presentPersonal(tx, deps.cipher, studentId);
  const former = Object.fromEntries(Object.entries(before).filter(([fact]) => fact in changes));
  const taken = person && (await ownersOf(tx, deps.cipher, person.document, [studentId])).length > 0;
  await recordFacts(tx, deps.cipher, studentId, changes, {
    validFrom: on > today ? today : on,
    at: new Date(deps.clock.now()),
    requestId: loaded.request.id,
    ownership: person && (taken ? 'contested' : 'own'),
    authentication: person && authenticationBy(subject),
  });
  await appendNext(tx, deps, 'student', studentId, {
    kind: 'personAmended',
    key: `amended:${loaded.request.id}`,
    body: { requestId: loaded.request.id, fields: Object.keys(changes) },
    texts: { former: JSON.stringify(former) },
  });
  await releaseNamesakes(tx, deps, studentId);
}
