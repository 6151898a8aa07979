import { demoId } from '../demo/demo-id.js';
import { REFERENCE_YEAR } from '../demo/students.js';
import type { EarlyGround, LeavingOutcome } from '../domain/graduation/outcomes.js';
import { addDays, dateOf, type PlainDate } from '../domain/working-days.js';
import { drawUp } from '../graduations/graduations.store.js';
import type { Transaction } from '../platform/database/in-scope.js';
import type { LedgerDeps } from '../platform/ledger/streams.js';

/** The school whose students leave, and the day on which its graduating class does. */
const LEAVES = { code: '5101-01', grade: String(REFERENCE_YEAR - 2), on: `${REFERENCE_YEAR + 1}-06-30` };
/** Who enlists leaves two weeks after the seed, which lies within the working days before leaving. */
const ENLISTS_IN = 14;

interface Enrolled {
  studentId: string;
  enrolmentId: string;
  classId: string;
}

/** Of the school's largest class of a grade ($2), who studies in it and is in no dispute. */
const CLASS = `
  select e.student_id as "studentId", e.id as "enrolmentId", c.id as "classId" from school_class c
    join enrolment e on e.school_id = c.school_id and e.grade = c.grade and e.class_name = c.name and e.state = 'active'
  where c.school_id = $1 and c.grade = $2
    and not exists (select 1 from duplicate d where e.student_id in (d.held_student_id, d.other_student_id))
  order by count(*) over (partition by c.id) desc, c.id, e.student_id`;

/**
 * Two graduations that a clerk has drawn up. One is of a class that leaves in summer, the other of two who enlist now and graduate early.
 * What stands in their way is shown; a visitor submits them. Once the class has left there is nothing to show.
 */
export async function seedGraduations(tx: Transaction, deps: LedgerDeps): Promise<void> {
  const today = dateOf(deps.clock.now());
  if (today >= LEAVES.on) return;
  const all = await tx.query<Enrolled[]>(CLASS, [demoId('organisation', LEAVES.code), LEAVES.grade]);
  const [first] = all;
  if (!first) return;
  const ofClass = all.filter(({ classId }) => classId === first.classId);
  const [leaving, enlisting] = [ofClass.slice(2), ofClass.slice(0, 2)];
  const outcomes = leaving.map((one, nth) => ({
    ...one,
    outcome: nth === 0 ? ('completed' as const) : ('graduated' as const),
    early: null,
  }));
  await seedOne(tx, deps, { classId: first.classId, leavingOn: LEAVES.on, students: outcomes });
  const early = enlisting.map((one) => ({ ...one, outcome: 'graduated' as const, early: 'enlistment' as const }));
  await seedOne(tx, deps, { classId: null, leavingOn: addDays(today, ENLISTS_IN), students: early });
}

interface Leaver extends Enrolled {
  readonly outcome: LeavingOutcome;
  readonly early: EarlyGround | null;
}

interface ToDrawUp {
  readonly classId: string | null;
  readonly leavingOn: PlainDate;
  readonly students: readonly Leaver[];
}

async function seedOne(tx: Transaction, deps: LedgerDeps, { classId, leavingOn, students }: ToDrawUp): Promise<void> {
  const schoolId = demoId('organisation', LEAVES.code);
  const members = students.map(({ studentId, enrolmentId, outcome, early }) => ({
    studentId,
    enrolmentId,
    outcome,
    leavingOn,
    early,
    assessmentPassedOn: null,
  }));
  const by = { personId: demoId('person', `clerk.${LEAVES.code}`), office: 'schoolClerk', organisationId: schoolId };
  await drawUp(tx, deps, { schoolId, classId, leavingOn, at: new Date(deps.clock.now()), members }, by);
}
