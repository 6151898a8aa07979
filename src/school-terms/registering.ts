import type { Transaction } from '../platform/database/in-scope.js';
import type { MessageCode } from '../domain/messages/messages.js';
import type { TermStanding } from '../domain/terms/school-term.js';
import type { PlainDate } from '../domain/working-days.js';
import type { By } from '../platform/ledger/streams.js';
import { askedOf, COUNT_UNREGISTERED, STANDING_OF, valuesOf } from './standing.store.js';
import type { TermDeps, TermOfSchool } from './term-of-school.js';
import { recordTermAct, type LockedTerm } from './school-terms.store.js';

/** The result of one student of a call, real or of a dry run. */
export interface Judged {
  readonly studentId: string;
  readonly enrolmentId: string | null;
  readonly refused?: MessageCode;
  readonly late: boolean;
}

interface Row {
  studentId: string;
  enrolmentId: string | null;
  standing: TermStanding | null;
  registered: boolean;
  owed: boolean;
}

const REFUSED: Readonly<Record<TermStanding, MessageCode | undefined>> = {
  toRegister: undefined,
  byEntry: 'term-registered',
  suspended: 'term-suspended',
  pending: 'term-entry-pending',
  none: 'term-not-studied',
};

/** Judges students, in their order: who can be registered, and who would be late. */
export async function judgeStudents(tx: Transaction, at: TermOfSchool, studentIds: readonly string[]): Promise<Judged[]> {
  const { today, deadline } = at;
  const rows = await tx.query<Row[]>(STANDING_OF, [...valuesOf(askedOf(at)), studentIds]);
  return rows.map(({ studentId, enrolmentId, standing, registered, owed }) => {
    const refused = standing === null ? 'not-found' : registered ? 'term-registered' : REFUSED[standing];
    return { studentId, enrolmentId, ...(refused ? { refused } : {}), late: !refused && owed && today > deadline.dueDate };
  });
}

const INSERT = `
  insert into term_registration (student_id, enrolment_id, late, year, nth, school_id, term_id, seq, registered_at, first_day, working_days,
    due_date)
  select u.student_id, u.enrolment_id, u.late, $4, $5, $6, $7, $8, $9, $10, $11, $12 from unnest($1::uuid[], $2::uuid[],
    $3::boolean[]) as u (student_id, enrolment_id, late)
  on conflict (student_id, year, nth) where retracted_at is null do nothing returning student_id as id`;

/**
 * Registers whom it can under the lock of the term, in one statement and one act. Whom another school registered in the same instant is
 * found to be registered.
 */
export async function registerStudents(
  tx: Transaction,
  deps: TermDeps,
  locked: LockedTerm,
  at: TermOfSchool,
  by: By,
  studentIds: readonly string[],
): Promise<Judged[]> {
  const all = await judgeStudents(tx, at, studentIds);
  const able = all.filter(({ refused }) => !refused);
  if (able.length === 0) return all;
  const { school, rules, firstDay, deadline, calendar } = at;
  const { term } = rules;
  const seq = locked.lastSeq + 1;
  const rows = await tx.query<{ id: string }[]>(INSERT, [
    able.map(({ studentId }) => studentId),
    able.map(({ enrolmentId }) => enrolmentId),
    able.map(({ late }) => late),
    term.year,
    term.nth,
    school.id,
    locked.id,
    seq,
    new Date(deps.clock.now()),
    firstDay,
    rules.workingDays,
    deadline.dueDate,
  ]);
  const done = new Set(rows.map(({ id }) => id));
  const registered = able.filter(({ studentId }) => done.has(studentId));
  const enrolmentIds = (some: readonly Judged[]) => some.map(({ enrolmentId }) => enrolmentId);
  const body = { firstDay, dueDate: deadline.dueDate, calendarVersion: calendar.version, enrolmentIds: enrolmentIds(registered) };
  if (registered.length > 0)
    await recordTermAct(tx, deps, locked, term, {
      kind: 'registered',
      by,
      body: { ...body, late: enrolmentIds(registered.filter(({ late }) => late)) },
    });
  return all.map((one) => (one.refused || done.has(one.studentId) ? one : { ...one, refused: 'term-registered', late: false }));
}

const RETRACT = `
  update term_registration set retracted_at = $4, retracted_seq = $3 where term_id = $1 and student_id = any($2::uuid[])
    and retracted_at is null and ($5::date is null or (registered_at at time zone 'Asia/Shanghai')::date >= $5)
  returning student_id as "studentId", enrolment_id as "enrolmentId"`;

/** Takes back registrations that this school made in the term, from a day on where one is given (A20). Each other is told why not. */
export async function retractRegistrations(
  tx: Transaction,
  deps: TermDeps,
  locked: LockedTerm,
  at: TermOfSchool,
  by: By,
  { studentIds, reason, since }: { readonly studentIds: readonly string[]; readonly reason: string; readonly since: PlainDate | null },
): Promise<Judged[]> {
  const { term } = at.rules;
  const seq = locked.lastSeq + 1;
  const [rows] = (await tx.query(RETRACT, [locked.id, studentIds, seq, new Date(deps.clock.now()), since])) as unknown as [
    Judged[],
    number,
  ];
  const done = new Map(rows.map((row) => [row.studentId, row.enrolmentId]));
  if (rows.length > 0)
    await recordTermAct(tx, deps, locked, term, {
      kind: 'retracted',
      by,
      body: {
        enrolmentIds: rows.map(({ enrolmentId }) => enrolmentId),
        ...(by.office === 'authorityReviewer' ? await toldOf(tx, at) : {}),
      },
      texts: { reason },
    });
  const stay = await tx.query<{ id: string }[]>(
    'select student_id as id from term_registration where term_id = $1 and student_id = any($2::uuid[]) and retracted_at is null',
    [locked.id, studentIds],
  );
  const old = new Set(stay.map(({ id }) => id));
  const whyNot = (id: string): MessageCode => (old.has(id) ? 'term-retraction-needs-authority' : 'term-not-registered');
  return studentIds.map((studentId) => ({
    studentId,
    enrolmentId: done.get(studentId) ?? null,
    late: false,
    ...(done.has(studentId) ? {} : { refused: whyNot(studentId) }),
  }));
}

/** What the notice to the school says of the term, where its authority took registrations back. */
async function toldOf(tx: Transaction, at: TermOfSchool): Promise<Record<string, unknown>> {
  const { school, deadline } = at;
  const [{ unregistered }] = await tx.query<[{ unregistered: number; owed: number }]>(COUNT_UNREGISTERED, valuesOf(askedOf(at)));
  return { schoolId: school.id, authorityId: school.ancestors[0], dueDate: deadline.dueDate, unregistered };
}
