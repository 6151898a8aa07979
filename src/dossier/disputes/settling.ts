import type { Transaction } from '../../platform/database/in-scope.js';
import type { EnrolmentState } from '../../domain/dossier/dossier.js';
import { isLive, type Ruling } from '../../domain/dossier/duplicates.js';
import { dateOf } from '../../domain/working-days.js';
import { appendNext } from '../../platform/ledger/streams.js';
import type { CaseDeps, LoadedCase } from '../../cases/cases.store.js';
import { newId } from '../../platform/ledger/new-id.js';
import { changeEnrolment, type Enrolment } from '../effect.js';
import { LATEST_ENROLMENT, settleMoot, type Duplicate } from './disputes.js';
import { releaseNamesakes } from './namesakes.js';
import { assignNumberIfDue } from '../formal-number.js';
import { recordFacts, type FactSource } from '../personal.store.js';
import { settleRegisters } from '../register-checks.js';
import { factsOf, indexOf, ownersOf, personOf, type Person } from '../person.js';
import type { Authentication } from '../student.entity.js';

/** What settling needs. The caller holds the locks of both students' rows, in order. */
export interface Settling {
  readonly tx: Transaction;
  readonly deps: CaseDeps;
  /** The assertion or the ruling that settles. */
  readonly loaded: LoadedCase;
  readonly duplicate: Duplicate;
  /** The one side that is registered, where only its assertion was decided. A ruling may register both. */
  readonly claimant?: 'A' | 'B';
}

/** A registration whose matter has no other side. */
type Alone = Pick<Settling, 'tx' | 'deps' | 'loaded'> & { readonly duplicate?: Duplicate };

interface Side extends Enrolment {
  readonly letter: 'A' | 'B';
  readonly provisional: boolean;
}

/**
 * Settles one duplicate, in the caller's transaction and without losing either history (Art 11, A5). A is the record found, B the
 * registration held. `keep…`: the other is deregistered as a duplicate, its dossier stays and is linked. `twoPersons`: both are
 * registered, the document stays with whose it is. `voidBoth`: both are deregistered.
 */
export async function settleDuplicate(settling: Settling, outcome: Ruling): Promise<void> {
  const { tx, deps, loaded, duplicate } = settling;
  const [a, b] = [await sideOf(settling, 'A'), await sideOf(settling, 'B')];
  await tx.query(`update duplicate set state = 'settled', outcome = $2, settled_by = $3, settled_at = $4 where id = $1`, [
    duplicate.id,
    outcome,
    loaded.request.id,
    new Date(deps.clock.now()),
  ]);
  if (outcome === 'voidBoth') for (const side of [a, b]) await deregister(settling, side, 'falseRegistration');
  if (outcome === 'keepA') await extendDossier(settling, a, b);
  if (outcome === 'keepB' && a.provisional) await extendDossier(settling, b, a);
  // Nobody goes on in a dead person's dossier.
  if (outcome === 'keepB' && !a.provisional) await (a.state === 'deceased' ? register(settling, b) : continueInto(settling, a, b));
  if (outcome === 'twoPersons')
    for (const side of [a, b]) if ((settling.claimant ?? side.letter) === side.letter) await register(settling, side);
  for (const side of [a, b]) await recordOn(settling, side, outcome, side === a ? b : a);
}

const sideOf = (settling: Settling, letter: 'A' | 'B'): Promise<Side> =>
  sideNamed(settling, letter, letter === 'A' ? settling.duplicate.otherStudentId : settling.duplicate.heldStudentId);

async function sideNamed({ tx, deps }: Alone, letter: 'A' | 'B', studentId: string): Promise<Side> {
  const [row] = await tx.query<(Enrolment & { number: Buffer })[]>(
    `select e.id, e.student_id as "studentId", e.school_id as "schoolId", e.state, e.grade, to_char(e.expected_leaving_on,
      'YYYY-MM-DD') as "expectedLeavingOn",
       to_char(e.valid_from, 'YYYY-MM-DD') as "validFrom", to_char(e.since, 'YYYY-MM-DD') as since, s.number_cipher as number
     from student s cross join lateral (${LATEST_ENROLMENT('s.id')}) e where s.id = $1`,
    [studentId],
  );
  if (!row) throw new Error('a side of a duplicate has an enrolment');
  const { number, ...enrolment } = row;
  return { ...enrolment, letter, provisional: deps.cipher.decrypt(number, `student.number:${studentId}`).startsWith('L') };
}

const subjectOf = ({ tx, deps, loaded }: Alone, side: Side, to: EnrolmentState) => ({
  tx,
  deps,
  loaded,
  enrolment: side,
  to,
  today: dateOf(deps.clock.now()),
});

const dayFor = ({ deps }: Alone, { since }: Side): string => {
  const today = dateOf(deps.clock.now());
  return today < since ? since : today;
};

/** 注销 with its cause; what has ended already stays as it ended. Other registrations' duplicates with this one are moot. */
async function deregister(settling: Settling, side: Side, cause: 'duplicate' | 'falseRegistration'): Promise<void> {
  const { tx, deps, loaded } = settling;
  if (!isLive(side.state)) return;
  const on = dayFor(settling, side);
  await changeEnrolment(subjectOf(settling, side, 'deregistered'), { since: on, state: 'deregistered', suspendedUntil: null, validTo: on });
  await settleMoot(tx, side.studentId, { why: cause, requestId: loaded.request.id, at: new Date(deps.clock.now()) });
}

/** One dossier is kept, the other linked to it; the document is the kept one's. */
async function extendDossier(settling: Settling, kept: Side, other: Side): Promise<void> {
  await deregister(settling, other, 'duplicate');
  await link(settling, other, kept);
  await register(settling, kept);
}

const link = ({ tx, deps }: Settling, from: Side, to: Side): Promise<unknown> =>
  tx.query(`update student set document_standing = 'contested', merged_into = $2, changed_at = $3 where id = $1`, [
    from.studentId,
    to.studentId,
    new Date(deps.clock.now()),
  ]);

/**
 * The pending registration is kept, but the person has a lifelong number already. So the person's dossier goes on with a new
 * enrolment at that school, and the provisional dossier is linked to it.
 */
async function continueInto(settling: Settling, a: Side, b: Side): Promise<void> {
  const { tx, deps, loaded } = settling;
  await deregister(settling, a, 'duplicate');
  if (!isLive(b.state) || (await isHeldElsewhere(settling, b))) return;
  await deregister(settling, b, 'duplicate');
  await link(settling, b, a);
  await takeOver(settling, a, b);
  const [id, on, now] = [newId(), dayFor(settling, a), new Date(deps.clock.now())];
  await tx.query(
    `insert into enrolment (id, student_id, school_id, state, major_code, grade, class_name, study_mode, length_years, enrolled_on,
      expected_leaving_on, major_direction, admission_kind, origin, cross_stage, teaching_site, number_at_school,
       valid_from, since, recorded_at, changed_at, opened_by, changed_by)
     select $2, $3, school_id, 'active', major_code, grade, class_name, study_mode, length_years, enrolled_on, expected_leaving_on,
       major_direction, admission_kind, origin, cross_stage, teaching_site, number_at_school, $4, $4,
       $5, $5, $6, $6
     from enrolment where id = $1`,
    [b.id, id, a.studentId, on, now, loaded.request.id],
  );
  await tx.query('update registration set student_id = $2, enrolment_id = $3, registered_at = $4 where enrolment_id = $1', [
    b.id,
    a.studentId,
    id,
    now,
  ]);
}

/** The identity that was proved holds for the dossier that goes on, from the day of effect on. */
async function takeOver(settling: Settling, a: Side, b: Side): Promise<void> {
  const { tx, deps, loaded, duplicate } = settling;
  const [person, before] = [await personOf(tx, deps.cipher, b.studentId), await personOf(tx, deps.cipher, a.studentId)];
  const former = new Map(Object.entries(factsOf(before)));
  const changes = Object.fromEntries(Object.entries(factsOf(person)).filter(([fact, value]) => former.get(fact) !== value));
  if (Object.keys(changes).length === 0) return;
  const ownership = await ownershipOf(settling, a.studentId, person);
  const [proved] = await tx.query<{ authentication: Authentication }[]>('select authentication from student where id = $1', [b.studentId]);
  await recordFacts(tx, deps.cipher, a.studentId, changes, { ...statedBy(settling), ownership, authentication: proved?.authentication });
  await appendNext(tx, deps, 'student', a.studentId, {
    kind: 'personReplaced',
    key: `replaced:${duplicate.id}`,
    body: { requestId: loaded.request.id, from: b.studentId },
    texts: { former: JSON.stringify(before) },
  });
  await releaseNamesakes(tx, deps, a.studentId);
}

/** A ruling proves what is, not what will be: no statement lies in the future. */
const statedBy = ({ deps, loaded }: Alone): FactSource => {
  const now = deps.clock.now();
  return { validFrom: dateOf(now), at: new Date(now), requestId: loaded.request.id };
};

/** The document is free once no row that is registered with it is left; else it stays shared until it is put right. */
async function ownershipOf({ tx, deps }: Alone, studentId: string, { document }: Person): Promise<'own' | 'shared'> {
  const index = indexOf.document(deps.cipher, document);
  await tx.query(
    `update student s set document_standing = 'contested' where document_index = $1 and document_standing = 'own' and id <> $2
       and not exists (select 1 from enrolment e where e.student_id = s.id and e.state in ('pending','active','suspended'))`,
    [index, studentId],
  );
  return (await ownersOf(tx, deps.cipher, document, [studentId])).length > 0 ? 'shared' : 'own';
}

const isHeldElsewhere = async ({ tx, duplicate }: Alone, { studentId }: Side): Promise<boolean> => {
  const others: unknown[] = await tx.query(
    `select 1 from duplicate where held_student_id = $1 and state = 'open' and id is distinct from $2`,
    [studentId, duplicate?.id ?? null],
  );
  return others.length > 0;
};

/**
 * Pending or held → registered, with a formal number once the identity is authenticated and the document the student's own.
 * Who is held already stays so, and who is a duplicate of another record too.
 */
async function register(settling: Alone, side: Side): Promise<void> {
  const { tx, deps } = settling;
  if ((side.state !== 'heldDuplicate' && side.state !== 'pending') || (await isHeldElsewhere(settling, side))) return;
  const [person, now] = [await personOf(tx, deps.cipher, side.studentId), new Date(deps.clock.now())];
  const [owner] = await ownersOf(tx, deps.cipher, person.document, [side.studentId]);
  await tx.query('update student set document_standing = $2, changed_at = $3 where id = $1', [
    side.studentId,
    owner ? 'shared' : 'own',
    now,
  ]);
  await changeEnrolment(subjectOf(settling, side, 'active'), { since: dayFor(settling, side), state: 'active' });
  await tx.query('update registration set registered_at = $2, cause = null where enrolment_id = $1', [side.id, now]);
  await settleRegisters(tx, side.studentId, settling.loaded.request.id);
  await assignNumberIfDue(tx, deps.cipher, side.studentId, statedBy(settling));
  await askUntilConfirmed(settling, side);
}

/** Who is registered without authentication keeps the provisional number, and the population service is asked until it confirms. */
const askUntilConfirmed = ({ tx, deps }: Alone, { studentId }: Side): Promise<unknown> =>
  tx.query(
    `insert into registration_check (registration_id, due_at) select g.id, $2 from registration g join student s on s.id = g.student_id
     where s.id = $1 and s.authentication = 'pending' and s.document_type = 'residentId' on conflict do nothing`,
    [studentId, new Date(deps.clock.now())],
  );

async function recordOn({ tx, deps, loaded, duplicate }: Settling, side: Side, outcome: Ruling, other: Side): Promise<void> {
  await appendNext(tx, deps, 'student', side.studentId, {
    kind: 'duplicateSettled',
    key: `settled:${duplicate.id}`,
    body: {
      requestId: loaded.request.id,
      registrationId: duplicate.registrationId,
      outcome,
      side: side.letter,
      enrolmentId: side.id,
      otherEnrolmentId: other.id,
      otherStudentId: other.studentId,
    },
  });
}

/** A registration held for what the check said of it alone, against no other record: its approved assertion registers it. */
export async function registerAlone(alone: Alone, studentId: string): Promise<void> {
  await register(alone, await sideNamed(alone, 'B', studentId));
}
