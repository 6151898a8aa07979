import { openIntake, recordIntakeAct } from '../../dossier/intakes.js';
import { Chance } from '../../demo/chance.js';
import { demoId } from '../../demo/demo-id.js';
import { nameOf } from '../../demo/names.js';
import { classNameOf, demoStudents, REFERENCE_YEAR } from '../../demo/students.js';
import { checkCharacter, type Sex } from '../../domain/dossier/id-document.js';
import { addDays, addWorkingDays, dateOf, instantOf } from '../../domain/working-days.js';
import { enterRows } from '../../intakes/entering.js';
import { isFaulty, judgeRows, readRow, type CheckedRow, type ReadRow } from '../../intakes/row-checks.js';
import { submitRows } from '../../intakes/submitting.js';
import { actedBy } from '../../platform/ledger/acted-by.js';
import { registeringSchool } from '../../registrations/checks.js';
import { approvesBut } from './moves.js';
import { caseNow, liveUntil } from './process.js';
import { NotToday, type Stage } from './stage.js';

const SCHOOL = { code: '3301-03', division: '330109', majors: ['660103', '660303', '720201'] };
const ROWS = 24;
/** The last day on which a clerk of the demonstration enters it, well before the registration of the intake ends. */
const LATEST = `${REFERENCE_YEAR}-11-09`;
const REPORTED = `${REFERENCE_YEAR}-10-26`;
const BEGINS = `${REFERENCE_YEAR}-09-01`;
/** Rows that the school's reviewer returns, by their place, and why. */
const RETURNED = new Map([
  [4, '姓名与身份证不一致，请核对'],
  [11, '专业与录取名册不一致，请核对'],
]);

const isFit = (one: ReadRow): one is CheckedRow => !isFaulty(one);

/** A new student; orders from 996 on are nobody's. */
function rowOf(chance: Chance, nth: number): Record<string, unknown> & { name: string; sex: Sex; birthDate: string } {
  const sex: Sex = chance.below(2) === 0 ? 'male' : 'female';
  const birthDate = addDays(`${REFERENCE_YEAR - 16}-10-04`, nth * 11);
  const body = `${SCHOOL.division}${birthDate.replaceAll('-', '')}${sex === 'male' ? '997' : '996'}`;
  const majorCode = chance.pick(SCHOOL.majors);
  return {
    document: { type: 'residentId', number: body + checkCharacter(body) },
    name: nameOf(chance, sex),
    sex,
    birthDate,
    ethnicGroup: '01',
    majorCode,
    grade: String(REFERENCE_YEAR),
    className: classNameOf(String(REFERENCE_YEAR), majorCode, 1),
    studyMode: 'fullTime',
    lengthYears: 3,
    reportedOn: REPORTED,
    enrolledOn: BEGINS,
    expectedLeavingOn: `${REFERENCE_YEAR + 3}-06-30`,
  };
}

/** Under the document of somebody who studies in another province: held until the authorities have settled it. */
function heldRow(row: ReturnType<typeof rowOf>): Record<string, unknown> {
  const school = demoId('organisation', '5107-04');
  const like = demoStudents().findLast(
    ({ enrolment, document }) => enrolment.schoolId === school && enrolment.state === 'active' && document.type === 'residentId',
  );
  if (!like) throw new Error('somebody studies in another province');
  const { name, sex, birthDate, document } = like;
  return { ...row, name, sex, birthDate, document, enterHeld: true };
}

/**
 * An intake under way: entered in autumn, submitted, and approved by the school but for two rows, which it returned. One row is held. The
 * authority has it now.
 */
export async function seedIntake(stage: Stage): Promise<void> {
  const { tx, clock, context, policies } = stage;
  clock.set(Math.min(stage.workingDaysAgo(8), instantOf(LATEST, 10)));
  if (stage.day() <= REPORTED) throw new NotToday('nobody has reported yet');
  const schoolId = demoId('organisation', SCHOOL.code);
  const actor = stage.actor(`clerk.${SCHOOL.code}`);
  const by = actedBy(actor);
  const of = { schoolId, year: REFERENCE_YEAR, season: 'autumn' as const };
  const school = await registeringSchool(tx, { context, policies }, schoolId);
  const chance = new Chance(REFERENCE_YEAR);
  const rows = Array.from({ length: ROWS }, (_, nth) => rowOf(chance, nth));
  const read = [...rows.slice(1), heldRow(rows[0]!)].map((row, nth) => readRow(row, nth + 1, stage.day()));
  const judged = (await judgeRows(tx, school, of, read)).filter(isFit);
  if (judged.length < ROWS) throw new NotToday('the registration of the intake is not open');
  const id = await openIntake(tx, context, of, by);
  const { entered } = await enterRows(tx, context, { actor, school, intake: () => Promise.resolve(id), answers: new Map() }, judged);
  const registrationIds = entered.map((row) => row.id);
  await recordIntakeAct(tx, context, id, { kind: 'rowsEntered', by, body: { registrationIds } });
  const after = (days: number) => instantOf(addWorkingDays(stage.calendar, dateOf(clock.now()), days).date, 10);
  await submitAndReview(stage, { id, by, rows: registrationIds, schoolId, submittedAt: after(1), reviewedAt: after(3) });
}

interface Submitted {
  readonly id: string;
  readonly by: ReturnType<typeof actedBy>;
  readonly rows: readonly string[];
  readonly schoolId: string;
  readonly submittedAt: number;
  readonly reviewedAt: number;
}

async function submitAndReview(stage: Stage, { id, by, rows, schoolId, submittedAt, reviewedAt }: Submitted): Promise<void> {
  const { tx, clock, context } = stage;
  clock.set(submittedAt);
  const [{ nth }] = await tx.query<[{ nth: number }]>('select nth from intake where id = $1', [id]);
  const name = `${SCHOOL.code}-${REFERENCE_YEAR}-autumn-${nth}`;
  const note = `${REFERENCE_YEAR}年秋季新生，请审核`;
  const requestId = await submitRows(tx, context, { id, schoolId, name }, { by, note });
  const reasons = new Map([...RETURNED].map(([place, reason]) => [rows[place] ?? '', reason]));
  const open = await liveUntil(stage, await caseNow(stage, requestId), reviewedAt);
  await liveUntil(stage, await approvesBut(0, reasons).play(stage, open), stage.present);
}
