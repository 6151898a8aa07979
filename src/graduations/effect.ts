import { batchIdOf, type BatchEffect } from '../cases/batches.js';
import { asAct, enterFiling, type CaseDeps, type LoadedCase } from '../cases/cases.store.js';
import { supersedeCertificates } from '../certificates/certificates.store.js';
import { isLateConversion } from '../domain/graduation/conversion.js';
import { LEAVES_IN } from '../domain/graduation/outcomes.js';
import { returnedRows } from '../domain/case/returned-rows.js';
import type { EnrolmentState } from '../domain/dossier/dossier.js';
import type { MessageCode } from '../domain/messages/messages.js';
import { dateOf, type PlainDate } from '../domain/working-days.js';
import { withSuccessors } from '../organisations/succession.js';
import type { Transaction } from '../platform/database/in-scope.js';
import { appendNext } from '../platform/ledger/streams.js';
import { PolicyStore } from '../policies/policies.store.js';
import {
  lockGraduation,
  membersOf,
  moveMembers,
  type EnteredMember,
  type LockedGraduation,
  type MovedMember,
} from './graduations.store.js';
import { judgeLeavings } from './leaving-students.js';
import { leavingSchool } from './schools.store.js';

/** Students of one transaction: enough that a class is a few of them, and few enough that none holds its locks for long. */
const PAGE = 50;

const policies = new PolicyStore();

/**
 * An approved graduation on the leaving days of its students (Art 18, R-23). Each page is judged anew, because something may stand in
 * somebody's way since the review. Who can't leave is held back with the cause. Before a leaving day the case waits for it, because no
 * enrolment lies ahead of today (0049).
 */
export const graduationEffect: BatchEffect = async (tx, deps, loaded) => {
  const graduation = await lockGraduation(tx, batchIdOf(loaded.request));
  if (!graduation) return 'done';
  const completedOn = graduation.completedOn ?? (await completed(tx, graduation, loaded));
  if (graduation.purpose === 'conversion') return convert(tx, deps, loaded, graduation, completedOn);
  const today = dateOf(deps.clock.now());
  const page = await membersOf(tx, graduation.id, 'listed', { until: today, most: PAGE });
  if (page.length > 0) {
    await leave(tx, deps, loaded, graduation, page, completedOn);
    return 'more';
  }
  const [next] = await membersOf(tx, graduation.id, 'listed', { most: 1 });
  return next ? { awaits: next.leavingOn } : 'done';
};

/** 办结: the day of the last approval. Whom a reviewer returned stays behind. */
async function completed(tx: Transaction, { id }: LockedGraduation, { acts }: LoadedCase): Promise<PlainDate> {
  const known = acts.map(asAct);
  const approvals = known.flatMap((act) => (act.kind === 'decided' && act.verdict === 'approve' ? [act.decidedOn] : []));
  const completedOn = approvals.at(-1);
  if (completedOn === undefined) throw new Error('an approved graduation has an approval');
  await tx.query('update graduation set completed_on = $2 where id = $1', [id, completedOn]);
  await moveMembers(
    tx,
    returnedRows(known).map(({ row }) => ({ id: row, state: 'returned', cause: null, late: false, effectedAt: null })),
  );
  return completedOn;
}

async function leave(
  tx: Transaction,
  deps: CaseDeps,
  loaded: LoadedCase,
  graduation: LockedGraduation,
  page: readonly EnteredMember[],
  completedOn: PlainDate,
): Promise<void> {
  const ids = page.map(({ studentId }) => studentId);
  await enterFiling(tx, 'graduation', ids); // who files a change for one of them meanwhile comes before or after
  await tx.query('select 1 from student where id = any($1::uuid[]) order by id for no key update', [ids]);
  const policy = await policies.frozen(tx, loaded.state.route.policy);
  const schoolId = (await withSuccessors(tx, graduation.schoolId)).at(-1) ?? graduation.schoolId;
  const school = await leavingSchool(tx, schoolId);
  const judged = await judgeLeavings({ tx, deps: { ...deps, policies }, school, policy, graduationId: graduation.id }, page);
  const causes = new Map(judged.map(({ studentId, blockers: [first] }) => [studentId, first?.code]));
  const causeOf = ({ studentId }: EnteredMember): MessageCode | undefined =>
    causes.has(studentId) ? causes.get(studentId) : 'leaving-not-studying';
  const enrolmentOf = new Map(judged.map(({ studentId, enrolmentId }) => [studentId, enrolmentId]));
  const leaving = page.filter((one) => causeOf(one) === undefined);
  const ended = leaving.map((one) => ({
    studentId: one.studentId,
    enrolmentId: enrolmentOf.get(one.studentId) ?? one.enrolmentId,
    state: LEAVES_IN[one.outcome],
    since: one.leavingOn,
    validTo: one.leavingOn,
    body: { graduationId: graduation.id, outcome: one.outcome, ...(one.early ? { early: one.early } : {}) },
  }));
  await endEnrolments(tx, deps, loaded, ended);
  const now = new Date(deps.clock.now());
  await moveMembers(
    tx,
    page.map((one): MovedMember => {
      const cause = causeOf(one) ?? null;
      const late = completedOn > one.leavingOn;
      return { id: one.id, state: cause ? 'heldBack' : 'effected', cause, late, effectedAt: cause ? null : now };
    }),
  );
}

/** 结业→毕业: graduated on the day on which the school agreed (Art 20, R-25). */
async function convert(
  tx: Transaction,
  deps: CaseDeps,
  loaded: LoadedCase,
  graduation: LockedGraduation,
  completedOn: PlainDate,
): ReturnType<BatchEffect> {
  const [member] = await membersOf(tx, graduation.id, 'listed', { most: 1 });
  if (!member) return 'done';
  await tx.query('select 1 from student where id = $1 for no key update', [member.studentId]);
  const [enrolment] = await tx.query<{ state: EnrolmentState; validTo: PlainDate }[]>(
    `select state, to_char(valid_to, 'YYYY-MM-DD') as "validTo" from enrolment where id = $1 for update`,
    [member.enrolmentId],
  );
  const now = new Date(deps.clock.now());
  if (enrolment?.state !== 'completed') {
    await moveMembers(tx, [{ id: member.id, state: 'heldBack', cause: 'conversion-not-completed', late: false, effectedAt: null }]);
    return 'more';
  }
  const { agreedOn } = loaded.request.details;
  const graduatedOn = typeof agreedOn === 'string' ? agreedOn : completedOn;
  const policy = await policies.frozen(tx, loaded.state.route.policy);
  const { studentId, enrolmentId, assessmentPassedOn } = member;
  const body = { graduationId: graduation.id, outcome: 'graduated', assessmentPassedOn };
  await endEnrolments(tx, deps, loaded, [
    { studentId, enrolmentId, state: 'graduated', since: graduatedOn, validTo: enrolment.validTo, body },
  ]);
  await supersedeCertificates(tx, deps, enrolmentId, undefined);
  await tx.query('update graduation_member set leaving_on = $2 where id = $1', [member.id, graduatedOn]);
  await tx.query('update graduation set leaving_on = $2 where id = $1', [graduation.id, graduatedOn]);
  const late = isLateConversion(enrolment.validTo, completedOn, policy) || isLateConversion(enrolment.validTo, graduatedOn, policy);
  await moveMembers(tx, [{ id: member.id, state: 'effected', cause: null, late, effectedAt: now }]);
  return 'more';
}

/** An enrolment that a graduation brings to its end. */
interface Ended {
  readonly studentId: string;
  readonly enrolmentId: string;
  readonly state: EnrolmentState;
  readonly since: PlainDate;
  readonly validTo: PlainDate;
  /** What the student's own act says of it. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** The enrolments end, the evidence joins the dossiers (Art 12), and each student's stream says what happened. */
async function endEnrolments(tx: Transaction, deps: CaseDeps, { request }: LoadedCase, ended: readonly Ended[]): Promise<void> {
  if (ended.length === 0) return;
  const now = new Date(deps.clock.now());
  const students = ended.map(({ studentId }) => studentId);
  await tx.query(
    `update enrolment e set state = w.state, since = w.since, valid_to = w.valid_to, suspended_until = null, closed_by = $5,
       changed_by = $5, changed_at = $6
     from unnest($1::uuid[], $2::text[], $3::date[], $4::date[]) as w (id, state, since, valid_to) where e.id = w.id`,
    [
      ended.map(({ enrolmentId }) => enrolmentId),
      ended.map(({ state }) => state),
      ended.map(({ since }) => since),
      ended.map(({ validTo }) => validTo),
      request.id,
      now,
    ],
  );
  await tx.query(
    `insert into dossier_evidence (student_id, evidence_id, request_id, joined_at) select s.id, f.id, $3, $4
     from unnest($1::uuid[]) as s (id) cross join unnest($2::uuid[]) as f (id) on conflict do nothing`,
    [students, request.evidenceIds, request.id, now],
  );
  await tx.query('update student set changed_at = $2 where id = any($1::uuid[])', [students, now]);
  for (const { studentId, enrolmentId, since, body } of ended)
    await appendNext(tx, deps, 'student', studentId, {
      kind: 'graduation',
      key: `effected:${request.id}`,
      body: { requestId: request.id, effectiveOn: since, closedEnrolment: enrolmentId, ...body },
    });
}
