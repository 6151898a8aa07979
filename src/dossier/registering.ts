import { areOnePerson, isLive } from '../domain/dossier/duplicates.js';
import { dateOf } from '../domain/working-days.js';
import type { CaseDeps } from '../cases/cases.store.js';
import { registrationIsOpen } from '../late-windows/late-windows.store.js';
import type { Transaction } from '../platform/database/in-scope.js';
import { appending, derivedOf, tipsOf, type LedgerDeps } from '../platform/ledger/streams.js';
import { recordsLike } from './detection.js';
import { assignNumbersIfDue } from './formal-number.js';
import { personsById } from './person.js';
import { UNANSWERED } from './register-checks.js';

/** A registration of which nothing is wanting but the registration itself. */
interface Ready {
  readonly id: string;
  readonly studentId: string;
  readonly enrolmentId: string;
  readonly requestId: string;
  readonly enrolledOn: string;
  readonly provinceId: string;
  /** A register of other schools has not answered yet. */
  readonly unanswered: boolean;
}

/** Both reviews have approved it, the identity is authenticated, and the document is the student's own (Art 9, R-09). */
const READY = `
  select g.id, g.student_id as "studentId", g.enrolment_id as "enrolmentId", g.request_id as "requestId",
    to_char(e.enrolled_on, 'YYYY-MM-DD') as "enrolledOn", o.province_id as "provinceId",
    ${UNANSWERED('g.student_id')} as unanswered
  from registration g join enrolment e on e.id = g.enrolment_id and e.state = 'pending' join organisation o on o.id = e.school_id
    join student s on s.id = g.student_id and s.authentication <> 'pending' and s.document_standing = 'own'
  where g.review = 'approved' and g.registered_at is null and g.student_id = any($1::uuid[])
    and not exists (select 1 from duplicate d where d.held_student_id = g.student_id and d.state = 'open') order by g.student_id`;

/**
 * Registers whom of these students nothing keeps from it any more (Art 9): under the formal number, from today on. Whom it can't register
 * yet keeps the cause, and is looked at again. The caller holds the students' rows. A second run finds nobody.
 */
export async function registerReady(tx: Transaction, deps: CaseDeps, studentIds: readonly string[]): Promise<void> {
  const ready = await tx.query<Ready[]>(READY, [studentIds]);
  if (ready.length === 0) return;
  const [late, elsewhere] = [await outsidePeriod(tx, deps, ready), await registeredElsewhereOf(tx, deps, ready)];
  const causeOf = ({ id, studentId, unanswered }: Ready): string | null => {
    if (unanswered) return 'register-unanswered';
    return late.has(id) ? 'registration-period-over' : elsewhere.has(studentId) ? 'registered-elsewhere' : null;
  };
  await noteCauses(
    tx,
    ready.map((one) => ({ id: one.id, cause: causeOf(one) })),
  );
  await register(
    tx,
    deps,
    ready.filter((one) => causeOf(one) === null),
  );
}

/** The cut-off is measured at the formal registration, unless the province has a window open (R-06, A6). */
async function outsidePeriod(tx: Transaction, { clock }: LedgerDeps, ready: readonly Ready[]): Promise<ReadonlySet<string>> {
  const today = dateOf(clock.now());
  const open = await Promise.all(ready.map((one) => registrationIsOpen(tx, { ...one, today })));
  return new Set(ready.filter((_, i) => !open[i]).map(({ id }) => id));
}

const TOLD_APART = `
  select held_student_id as a, other_student_id as b from duplicate
  where (held_student_id = any($1::uuid[]) or other_student_id = any($1::uuid[])) and state = 'settled' and outcome = 'twoPersons'`;

/** The registry is asked again: nobody has two registrations (Art 10, R-10). What is only held takes no place. */
async function registeredElsewhereOf(tx: Transaction, { cipher }: LedgerDeps, ready: readonly Ready[]): Promise<ReadonlySet<string>> {
  const ids = ready.map(({ studentId }) => studentId);
  const [persons, apart] = [await personsById(tx, cipher, ids), await tx.query<{ a: string; b: string }[]>(TOLD_APART, [ids])];
  const toldApart = new Set(apart.flatMap(({ a, b }) => [`${a} ${b}`, `${b} ${a}`]));
  const asked = [...persons];
  const found = await recordsLike(
    tx,
    cipher,
    asked.map(([, person]) => person),
  );
  return new Set(
    asked.flatMap(([id], nth) => {
      const others = (found[nth] ?? []).filter(({ studentId }) => studentId !== id && !toldApart.has(`${id} ${studentId}`));
      return others.some(({ state, types }) => isLive(state) && state !== 'heldDuplicate' && areOnePerson(types)) ? [id] : [];
    }),
  );
}

const noteCauses = (tx: Transaction, causes: readonly { readonly id: string; readonly cause: string | null }[]): Promise<unknown> =>
  tx.query(
    `update registration g set cause = c.cause from jsonb_to_recordset($1::jsonb) as c (id uuid, cause text)
     where g.id = c.id and g.cause is distinct from c.cause`,
    [JSON.stringify(causes)],
  );

async function register(tx: Transaction, deps: CaseDeps, ready: readonly Ready[]): Promise<void> {
  if (ready.length === 0) return;
  const now = new Date(deps.clock.now());
  const [today, ids] = [dateOf(now.getTime()), ready.map(({ studentId }) => studentId)];
  await tx.query(
    `update enrolment e set state = 'active', since = greatest(e.since, $2::date), changed_at = $3, changed_by = g.request_id
     from registration g where g.id = any($1::uuid[]) and e.id = g.enrolment_id`,
    [ready.map(({ id }) => id), today, now],
  );
  await tx.query('update registration set registered_at = $2 where id = any($1::uuid[])', [ready.map(({ id }) => id), now]);
  const numbered = await assignNumbersIfDue(tx, deps.cipher, ids, { validFrom: today, at: now });
  await tx.query('update student set changed_at = $2 where id = any($1::uuid[])', [ids, now]);
  const [tips, derived] = await Promise.all([tipsOf(tx, ids), derivedOf(tx, 'student', ids)]);
  await Promise.all(
    ready.map(({ id, studentId, enrolmentId, requestId }) => {
      const act = {
        kind: 'registered',
        key: `registeredFormally:${id}`,
        body: { registrationId: id, requestId, enrolmentId, effectiveOn: today, numbered: numbered.has(studentId) },
        derived: derived.get(studentId),
      };
      return appending(tx, deps, 'student', studentId, tips.get(studentId) ?? { seq: 0, at: 0 }, act).written;
    }),
  );
}
