import { Injectable } from '@nestjs/common';
import { leavingWindow } from '../domain/graduation/window.js';
import { FIELD_FAULTS } from '../domain/messages/field-faults.js';
import { blocker, type Blocker } from '../domain/refusal.js';
import { monthsLater, type PlainDate } from '../domain/working-days.js';
import { ownSchool } from '../organisations/own-organisation.js';
import type { Caller } from '../platform/access/caller.js';
import type { KeyedRequest } from '../platform/access/idempotency.js';
import type { Transaction } from '../platform/database/in-scope.js';
import { blockerView, Problem } from '../platform/http/problem.js';
import { otherReviewers } from '../requests/filing.store.js';
import { ClerksWork, type SchoolWork } from './clerks-work.js';
import { studentsToLeave } from './drawing-up.js';
import { GraduationReading } from './graduation-reading.service.js';
import type { DrawnUpView, DrawUpGraduation, GraduationView, SubmitGraduation, WithdrawMembers } from './graduations.dto.js';
import { recordGraduationAct } from '../dossier/graduation-acts.js';
import { drawUp, lockGraduation, membersOf, moveMembers } from './graduations.store.js';
import type { EnteredMember, LockedGraduation } from './graduations.store.js';
import { judgeLeavings, type JudgedLeaving } from './leaving-students.js';
import { submitForReview } from './submitting.js';

/** A student of a graduation with what stands in the way. */
interface Cleared {
  readonly member: EnteredMember;
  readonly blockers: readonly Blocker[];
}

/** Graduations 毕业、结业 of a school's students: drawn up, cleared of what stands in the way, and submitted for review (Art 18, R-23). */
@Injectable()
export class Graduations {
  constructor(
    private readonly clerks: ClerksWork,
    private readonly reading: GraduationReading,
  ) {}

  /** @throws Problem not-your-office, invalid-input with the places of who does not study at the school, graduation-empty */
  drawUp(caller: Caller, keyed: KeyedRequest, body: DrawUpGraduation): Promise<DrawnUpView> {
    return this.clerks.run(
      caller,
      keyed,
      (actor) => ownSchool(actor, body.schoolId),
      async (work) => {
        mustBeNear(work.today, body);
        const judged = await judgeLeavings(work, await studentsToLeave(work.tx, work.school.id, body));
        const entered = body.dryRun ? { id: null, code: null } : await enter(work, body, judged);
        return drawnUpView(work, entered, judged, body.leavingOn);
      },
    );
  }

  /**
   * Opens the case, by which the school's reviewer decides, then the authority where policy asks. What stands in the way is judged anew.
   * @throws Problem not-found, not-your-office, graduation-submitted, no-second-reviewer, graduation-window-not-open,
   *   graduation-has-blockers, graduation-empty
   */
  submit(caller: Caller, keyed: KeyedRequest, id: string, { mode, reason }: SubmitGraduation): Promise<GraduationView> {
    return this.clerks.run(
      caller,
      keyed,
      async (_, tx) => (await locked(tx, id)).schoolId,
      async (work) => {
        const { tx, school, by, at } = work;
        const graduation = await locked(tx, id);
        if (graduation.requestId !== null) throw new Problem('graduation-submitted');
        if ((await otherReviewers(tx, school.id, by.personId, at.getTime())) === 0)
          throw new Problem('no-second-reviewer', { blockers: [blockerView(blocker('no-second-reviewer', 'authority'))] });
        const cleared = await clearing(work, graduation);
        const blocked = cleared.filter(({ blockers }) => blockers.length > 0);
        if (mode === 'all') refuseBlocked(blocked, cleared, work);
        const members = cleared.filter(({ blockers }) => blockers.length === 0).map(({ member }) => member);
        if (members.length === 0) throw new Problem('graduation-empty');
        await leaveOut(tx, blocked);
        await submitForReview(work, graduation, members, { reason, byAuthority: work.policy.graduationAuthorityReview });
        return this.reading.one(tx, id);
      },
    );
  }

  /**
   * Takes students out who have not left yet; the others go on. Nobody has to approve that somebody stays.
   * @throws Problem not-found, not-your-office, graduation-member-not-listed, graduation-empty where nobody would be left
   */
  withdraw(caller: Caller, keyed: KeyedRequest, id: string, { studentIds, reason }: WithdrawMembers): Promise<GraduationView> {
    return this.clerks.run(
      caller,
      keyed,
      async (_, tx) => (await locked(tx, id)).schoolId,
      async ({ tx, deps, by }) => {
        const listed = await membersOf(tx, (await locked(tx, id)).id, 'listed');
        const members = listed.filter(({ studentId }) => studentIds.includes(studentId));
        if (members.length < studentIds.length) throw new Problem('graduation-member-not-listed');
        if (members.length === listed.length) throw new Problem('graduation-empty');
        await moveMembers(
          tx,
          members.map((one) => ({ id: one.id, state: 'withdrawn', cause: null, late: false, effectedAt: null })),
        );
        const body = { members: members.map((one) => one.id) };
        await recordGraduationAct(tx, deps, id, { kind: 'membersWithdrawn', by, body, texts: { reason } });
        return this.reading.one(tx, id);
      },
    );
  }
}

/** A leaving lies at most a year ahead, and a late one at most a year back. @throws Problem effective-date-out-of-range */
function mustBeNear(today: PlainDate, { leavingOn, students = [] }: DrawUpGraduation): void {
  const days = [
    { pointer: '/leavingOn', day: leavingOn },
    ...students.map((one, nth) => ({ pointer: `/students/${nth}/leavingOn`, day: one.leavingOn })),
  ];
  const errors = days
    .filter(({ day }) => day !== undefined && (day > monthsLater(today, 12) || day < monthsLater(today, -12)))
    .map(({ pointer }) => ({ pointer, detail: FIELD_FAULTS.wrong }));
  if (errors.length > 0) throw new Problem('effective-date-out-of-range', { errors });
}

const enter = (
  { tx, deps, school, by, at }: SchoolWork,
  { classId, leavingOn }: DrawUpGraduation,
  judged: readonly JudgedLeaving[],
): Promise<{ id: string; code: string }> => {
  const members = judged.map(({ studentId, enrolmentId, outcome, leavingOn: on, early = null }) => ({
    studentId,
    enrolmentId,
    outcome,
    leavingOn: on,
    early,
    assessmentPassedOn: null,
  }));
  return drawUp(tx, deps, { schoolId: school.id, classId: classId ?? null, leavingOn, at, members }, by);
};

async function locked(tx: Transaction, id: string): Promise<LockedGraduation> {
  const graduation = await lockGraduation(tx, id);
  if (!graduation) throw new Problem('not-found');
  return graduation;
}

/** Everybody on the list with what stands in the way today, the days before the window too. */
async function clearing(work: SchoolWork, { id }: LockedGraduation): Promise<Cleared[]> {
  const { tx, today, calendar, policy } = work;
  const members = await membersOf(tx, id, 'listed');
  const judged = new Map((await judgeLeavings({ ...work, graduationId: id }, members)).map((one) => [one.studentId, one.blockers]));
  return members.map((member) => {
    const { opensOn } = leavingWindow(calendar, member.leavingOn, policy.graduationWorkingDays);
    const found = judged.get(member.studentId) ?? [blocker('leaving-not-studying', 'filer')];
    return { member, blockers: today < opensOn ? [...found, blocker('graduation-window-not-open', 'filer')] : found };
  });
}

/** @throws Problem graduation-window-not-open where that is all, graduation-has-blockers, with the students and what stands in their way */
function refuseBlocked(blocked: readonly Cleared[], all: readonly Cleared[], { calendar, policy }: SchoolWork): void {
  if (blocked.length === 0) return;
  const onlyTooSoon = blocked.every(({ blockers }) => blockers.every(({ code }) => code === 'graduation-window-not-open'));
  const [first = ''] = all.map(({ member }) => member.leavingOn).sort();
  const { opensOn } = leavingWindow(calendar, first, policy.graduationWorkingDays);
  const students = blocked.map(({ member, blockers }) => ({ studentId: member.studentId, blockers: blockers.map(blockerView) }));
  throw new Problem(onlyTooSoon ? 'graduation-window-not-open' : 'graduation-has-blockers', { facts: { opensOn, students } });
}

const leaveOut = (tx: Transaction, blocked: readonly Cleared[]): Promise<unknown> =>
  moveMembers(
    tx,
    blocked.map(({ member: { id }, blockers: [first] }) => ({
      id,
      state: 'leftOut',
      cause: first?.code ?? null,
      late: false,
      effectedAt: null,
    })),
  );

function drawnUpView(
  { calendar, policy }: SchoolWork,
  entered: { readonly id: string | null; readonly code: string | null },
  judged: readonly JudgedLeaving[],
  leavingOn: PlainDate,
): DrawnUpView {
  const [first = leavingOn] = judged.map((one) => one.leavingOn).sort();
  const blocked = judged.filter(({ blockers }) => blockers.length > 0);
  return {
    ...entered,
    students: judged.length,
    clear: judged.length - blocked.length,
    opensOn: leavingWindow(calendar, first, policy.graduationWorkingDays).opensOn,
    blocked: blocked.map(({ studentId, maskedName, blockers }) => ({ studentId, maskedName, blockers: blockers.map(blockerView) })),
  };
}
