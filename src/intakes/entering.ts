import type { CaseContext } from '../cases/case-context.js';
import type { Actor } from '../domain/offices.js';
import { recordsLike, type SimilarRecord } from '../dossier/detection.js';
import type { IdentityAnswer } from '../identity/identity.js';
import type { Transaction } from '../platform/database/in-scope.js';
import { insertRows } from '../platform/database/insert-rows.js';
import type { MessageCode } from '../domain/messages/messages.js';
import { askAgain } from '../registrations/asked-again.js';
import { alone, isLate, type InputFault, type RegisteringSchool } from '../registrations/checks.js';
import { continueDossier, enterStudent, enterStudents, likenessesTo, type StudentEntry } from '../registrations/intake.js';
import type { EnteredRow } from './intakes.dto.js';
import { faultOf, likeOneAnother, type CheckedRow } from './row-checks.js';

interface Roster {
  readonly actor: Actor;
  readonly school: RegisteringSchool;
  /** The intake that they enter; asked for when the first row is to be entered, so that none is opened for faulty rows alone. */
  readonly intake: () => Promise<string>;
  readonly answers: ReadonlyMap<CheckedRow, IdentityAnswer>;
}

interface Refused {
  readonly row: number;
  readonly faults: readonly InputFault[];
}

export interface RowsEntered {
  readonly entered: readonly EnteredRow[];
  readonly refused: readonly Refused[];
  /** Rows whose answer tells that somebody is on record: they count towards the day. */
  readonly telling: number;
}

/**
 * Enters fit rows under provisional numbers. Whom no record and no other row is like is entered in a few statements with all others. The
 * rest is judged one by one, as a single registration is.
 */
export async function enterRows(tx: Transaction, context: CaseContext, roster: Roster, rows: readonly CheckedRow[]): Promise<RowsEntered> {
  const persons = rows.map(({ person }) => person);
  await alone(tx, context, persons);
  const found = await recordsLike(tx, context.cipher, persons);
  const alike = likeOneAnother(context.cipher, rows);
  const isPlain = (row: CheckedRow, i: number) => !alike.has(row) && (found[i] ?? []).length === 0 && row.input.continueDossier !== true;
  const plain = rows.filter(isPlain);
  const intakeId = plain.length > 0 ? await roster.intake() : '';
  const ids = await enterStudents(
    tx,
    context,
    plain.map((row) => ({ ...entryOf(roster, row), intakeId })),
  );
  const asked = plain.flatMap(({ person }, i) => (person.document.type === 'residentId' ? [ids[i] ?? ''] : []));
  const dueAt = new Date(context.clock.now());
  await insertRows(
    tx,
    'registration_check',
    asked.map((registrationId) => ({ registrationId, dueAt })),
  );
  const entered: EnteredRow[] = plain.map(({ row }, i) => ({ row, id: ids[i] ?? '', state: 'pending' }));
  const refused: Refused[] = [];
  let telling = 0;
  for (const row of rows.filter((one, i) => !isPlain(one, i))) {
    const [now = []] = await recordsLike(tx, context.cipher, [row.person]);
    const made = await enterOne(tx, context, { entry: entryOf(roster, row), intake: roster.intake }, now);
    if (now.length > 0 || typeof made !== 'object') telling += 1;
    if (typeof made === 'object') entered.push({ row: row.row, ...made });
    else refused.push({ row: row.row, faults: [faultOf(made)] });
  }
  return { entered: entered.toSorted((a, b) => a.row - b.row), refused, telling };
}

type Entry = Omit<StudentEntry, 'intakeId'>;

const entryOf = ({ actor, school, answers }: Roster, one: CheckedRow): Entry => {
  const { input, person } = one;
  const { schoolId, divisionCode } = school;
  const answer = answers.get(one);
  return { input, person, schoolId, divisionCode, actor, late: isLate(school, input), ...(answer ? { answer } : {}) };
};

/** A row whom a record may be like: entered, or the code of why not. Neither says whose record it is or what was alike (Art 25). */
async function enterOne(
  tx: Transaction,
  context: CaseContext,
  { entry: judged, intake }: { readonly entry: Entry; readonly intake: Roster['intake'] },
  found: readonly SimilarRecord[],
): Promise<{ id: string; state: string } | MessageCode> {
  const { input, answer, person } = judged;
  const likenesses = likenessesTo(found, answer);
  const known = found.find(({ toContinue }) => toContinue);
  if (known && !input.continueDossier) return 'dossier-exists';
  if (!known && input.continueDossier) return 'no-dossier-to-continue';
  if (!known && likenesses.holding.length > 0 && !input.enterHeld) return 'possible-duplicate';
  const entry = { ...judged, intakeId: await intake() };
  const id = known ? await continueDossier(tx, context, entry, known) : await enterStudent(tx, context, entry, likenesses);
  if (person.document.type === 'residentId' && answer !== 'matched') await askAgain(tx, id, answer ?? 'unavailable', context.clock.now());
  const [row] = await tx.query<{ state: string }[]>(
    `select case e.state when 'pending' then 'pending' else 'held' end as state from registration g
       join enrolment e on e.id = g.enrolment_id where g.id = $1`,
    [id],
  );
  return { id, state: row?.state ?? 'pending' };
}
