import type { Transaction } from '../../platform/database/in-scope.js';
import { nextOfAssertion, type Ruling } from '../../domain/dossier/duplicates.js';
import type { RequestRow } from '../../cases/read-model.js';
import { dayOf, type Cause, type Effect, type Subject } from '../effect.js';
import { assertionOf, opposedTo, type Opposed } from './disputes.js';
import { correctionIn } from '../correction-texts.js';
import { notConfirmed } from '../identity-gate.js';
import { amendIdentity, amendedPerson, isTaken } from './amendments.js';
import { openCounterAssertion, openRuling, rulingBetween } from './opening.js';
import { indexOf } from '../person.js';
import { registeredElsewhere } from '../registered-elsewhere.js';
import { registrationHasEnded } from './period.js';
import { registerAlone, settleDuplicate } from './settling.js';
import { wakeAssertions } from './wake-assertions.js';

type Request = Pick<RequestRow, 'studentId' | 'details'>;

/**
 * Whether the matter of the assertion went to a ruling or is settled. Then the assertion stays on record and does nothing more. A namesake
 * that was only noted settled nothing of what else holds the registration.
 */
export async function wasRuled(tx: Transaction, { studentId, details }: Request): Promise<boolean> {
  const rows = await tx.query<{ done: boolean }[]>(
    `select state = 'settled' or ruling_request_id is not null as done from duplicate where registration_id = $1 and $2 in (held_student_id,
      other_student_id) and not (held_student_id = $2 and outcome is not distinct from 'namesakes')`,
    [details.registrationId, studentId],
  );
  return rows.length > 0 && rows.every(({ done }) => done);
}

/**
 * The effect of an approved assertion (Art 11). Neither side wins or loses by silence (A5).
 * 1. Undisputed, or the other side rejected: the student is registered.
 * 2. The other side not asked yet: it is asked, and this assertion waits.
 * 3. Both assertions approved: the ruling is opened.
 */
export const registerByException: Effect = async (subject) => {
  const { tx, deps, loaded, enrolment } = subject;
  const { id, details } = loaded.request;
  const { registrationId } = details;
  const changes = details.action === 'amend' ? (await correctionIn(tx, deps.cipher, id)).changes : {};
  const amended = await amendedPerson(tx, deps.cipher, enrolment.studentId, changes);
  const opposed = await opposedTo(tx, enrolment.studentId, registrationId, amended && indexOf.document(deps.cipher, amended.document));
  const sides: Considered[] = [];
  for (const them of opposed) sides.push(await consider(subject, them));
  // Before the assertion parks, only the question to the other side is written, and nothing of the effect.
  for (const { them, next } of sides) if (next === 'ask') await openCounterAssertion(tx, deps, them);
  const waits = await whatSidesWaitFor(subject, sides);
  if (waits) return { cause: waits };
  const unconfirmed = notConfirmed(subject, changes);
  if (unconfirmed) return unconfirmed;
  if (amended && (await isTaken(tx, deps.cipher, enrolment.studentId, amended, opposed))) return { cause: 'document-in-use' };
  const except = opposed.map(({ themStudentId }) => themStudentId);
  if (await registeredElsewhere(tx, deps.cipher, enrolment.studentId, { person: amended, except }))
    return { cause: 'registered-elsewhere' };
  if (Object.keys(changes).length > 0) await amendIdentity(subject, changes, amended);
  const rulings: string[] = [];
  for (const { them, next, between } of sides) {
    if (next === 'rule' && between && !them.rulingRequestId) rulings.push(await openRuling(tx, deps, them, between));
    if (next === 'clear')
      await settleDuplicate({ tx, deps, loaded, duplicate: them, claimant: sideOf(subject, them) }, outcomeFor(subject, them));
  }
  if (sides.length === 0) await registerAlone({ tx, deps, loaded }, enrolment.studentId);
  await wakeAssertions(tx, deps, loaded.request);
  return { effectiveOn: dayOf(subject), body: { registrationId, ...(rulings.length > 0 ? { rulings } : {}) } };
};

/** Why nothing can be registered or ruled yet, as far as the other sides and the cut-off say. */
async function whatSidesWaitFor(subject: Subject, sides: readonly Considered[]): Promise<Cause | undefined> {
  if (sides.some(({ next }) => next === 'ask' || next === 'wait')) return 'counter-claim-open';
  if (sides.some(({ next, between }) => next === 'rule' && !between)) return 'no-common-superior';
  return (await registersTooLate(subject, sides)) ? 'registration-period-over' : undefined;
}

/** What goes to a ruling is registered by that, if at all. */
async function registersTooLate({ tx, enrolment, today }: Subject, sides: readonly Considered[]): Promise<boolean> {
  const registers = sides.length === 0 || sides.some(({ next }) => next === 'clear');
  return registers && registrationHasEnded(tx, enrolment.studentId, today);
}

interface Considered {
  readonly them: Opposed;
  readonly next: ReturnType<typeof nextOfAssertion>;
  readonly between?: Awaited<ReturnType<typeof rulingBetween>>;
}

async function consider(subject: Subject, them: Opposed): Promise<Considered> {
  const { tx, loaded, enrolment } = subject;
  const { state: assertion } = await assertionOf(tx, them.themStudentId, them.registrationId);
  const authorityDecided = loaded.state.route.steps.some(({ id }) => id === 'authority');
  const next = them.rulingRequestId ? 'rule' : nextOfAssertion({ assertion, live: them.live, onePerson: them.onePerson, authorityDecided });
  if (next !== 'rule') return { them, next };
  const schools = [enrolment.schoolId, them.themSchoolId] as const;
  return { them, next, between: await rulingBetween(tx, sideOf(subject, them) === 'A' ? schools : [schools[1], schools[0]]) };
}

const sideOf = ({ enrolment }: Subject, them: Opposed): 'A' | 'B' => (them.heldStudentId === enrolment.studentId ? 'B' : 'A');

/** Undisputed: who says to be the same person is kept alone; else both are persons of their own. */
function outcomeFor(subject: Subject, them: Opposed): Ruling {
  if (!them.onePerson || them.state === 'deceased') return 'twoPersons';
  return sideOf(subject, them) === 'A' ? 'keepA' : 'keepB';
}
