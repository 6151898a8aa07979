import { inScope, type Transaction } from '../platform/database/in-scope.js';
import type { EnrolmentState } from '../domain/dossier/dossier.js';
import { DUPLICATE_TYPES, type DuplicateType } from '../domain/dossier/duplicates.js';
import { dateOf } from '../domain/working-days.js';
import type { IdentityAnswer, IdentityQuestion } from '../identity/identity.js';
import { appendNext } from '../platform/ledger/streams.js';
import { askDue, MENDED, pauseAfter, type DueCheck, type IdentityCheckDeps } from '../identity/identity-checks.js';
import { lockBothSides, nowAuthenticated } from '../dossier/disputes/namesakes.js';
import { personOf, type Person } from '../dossier/person.js';

/** The finding that the population service's answer makes against an intake. `unavailable` is pending, never a finding. */
export const findingOf = (answer: IdentityAnswer): DuplicateType[] => {
  if (answer === 'unknownDocument') return ['documentNotFound'];
  return answer === 'nameDiffers' ? ['documentNameDiffers'] : [];
};

export const questionOf = ({ document, name }: Person): IdentityQuestion => ({
  documentType: document.type,
  documentNumber: document.number,
  name,
});

/**
 * An intake that nobody could authenticate is asked again. Where the service was down that is at once. Where it did not confirm it is some
 * hours later, because registers are mended.
 */
export const askAgain = (tx: Transaction, registrationId: string, answer: IdentityAnswer, now: number): Promise<unknown> =>
  tx.query('insert into registration_check (registration_id, due_at) values ($1, $2)', [
    registrationId,
    new Date(answer === 'unavailable' ? now : now + MENDED),
  ]);

interface Waiting {
  readonly studentId: string;
  readonly enrolmentId: string;
  readonly state: EnrolmentState;
  readonly findings: readonly DuplicateType[];
}

/**
 * Asks the population service again about intakes without an answer, outside any transaction. A finding holds a registration that is still
 * pending. True when there may be more to ask.
 */
export const checkRegistrations = (deps: IdentityCheckDeps): Promise<boolean> =>
  askDue(deps, ['registration_check', 'registration_id'], check);

async function check(deps: IdentityCheckDeps, { id, attempts }: DueCheck): Promise<void> {
  const person = await inScope(deps.db, 'process', async (tx) => {
    const waiting = await waitingOf(tx, id);
    return waiting && personOf(tx, deps.cipher, waiting.studentId);
  });
  const answer = person ? await deps.identity.check(questionOf(person)).catch(() => 'unavailable' as const) : undefined;
  await inScope(deps.db, 'process', async (tx) => {
    if (answer && answer !== 'matched') await later(tx, deps, { id, attempts }, answer);
    else await tx.query('delete from registration_check where registration_id = $1', [id]);
    return answer && answer !== 'unavailable' ? answered(tx, deps, id, answer) : undefined;
  });
}

const later = (tx: Transaction, { clock }: IdentityCheckDeps, { id, attempts }: DueCheck, answer: IdentityAnswer): Promise<unknown> => {
  const down = answer === 'unavailable';
  return tx.query('update registration_check set due_at = $2, attempts = $3 where registration_id = $1', [
    id,
    new Date(clock.now() + (down ? pauseAfter(attempts) : MENDED)),
    down ? attempts : 0,
  ]);
};

/** A registration on its way, or made under a number that is still provisional, whose identity nobody has authenticated. */
async function waitingOf(tx: Transaction, id: string, lock = ''): Promise<Waiting | undefined> {
  const [row] = await tx.query<Waiting[]>(
    `select g.student_id as "studentId", g.enrolment_id as "enrolmentId", e.state, g.findings
     from registration g join student s on s.id = g.student_id join enrolment e on e.id = g.enrolment_id
     where g.id = $1 and e.state in ('pending','heldDuplicate','active','suspended') and s.authentication = 'pending' ${lock}`,
    [id],
  );
  return row;
}

async function answered(tx: Transaction, deps: IdentityCheckDeps, registrationId: string, answer: IdentityAnswer): Promise<void> {
  const found = await waitingOf(tx, registrationId);
  if (found) await lockBothSides(tx, found.studentId);
  const waiting = await waitingOf(tx, registrationId, 'for update of s');
  if (!waiting) return;
  const { studentId, enrolmentId } = waiting;
  const said = findingOf(answer);
  if (said.length > 0 && said.every((type) => waiting.findings.includes(type))) return; // as before
  const findings = DUPLICATE_TYPES.filter((type) => waiting.findings.includes(type) || said.includes(type));
  const now = deps.clock.now();
  await tx.query('update registration set findings = $2 where id = $1', [registrationId, findings]);
  if (findings.length > 0)
    await tx.query(
      `update enrolment set state = 'heldDuplicate', since = greatest(since, $2::date), changed_at = $3, changed_by = null where id = $1
        and state = 'pending'`,
      [enrolmentId, dateOf(now), new Date(now)],
    );
  await tx.query(
    `update student set changed_at = $2, authentication = case when $3 then 'confirmed' else authentication end where id = $1`,
    [studentId, new Date(now), answer === 'matched'],
  );
  if (answer === 'matched') await nowAuthenticated(tx, deps, studentId, { validFrom: dateOf(now), at: new Date(now) });
  await appendNext(tx, deps, 'student', studentId, {
    kind: 'identityChecked',
    key: `identityChecked:${registrationId}:${answer}`,
    body: { registrationId, answer },
  });
}
