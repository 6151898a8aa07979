import { dateOf } from '../domain/working-days.js';
import { CLASS_SINCE, classNow } from '../classes/named-classes.js';
import { nextIssues } from '../dossier/next-issue.js';
import type { Transaction } from '../platform/database/in-scope.js';
import { areNamesakes, DUPLICATE_TYPES, type DuplicateType } from '../domain/dossier/duplicates.js';
import type { Actor } from '../domain/offices.js';
import { factsStated } from '../domain/dossier/record.js';
import { STUDY_FACTS } from '../domain/dossier/study-data.js';
import { provisionalNumberFor } from '../domain/dossier/student-number.js';
import { appendFirst, appendNext } from '../platform/ledger/streams.js';
import { actedBy } from '../platform/ledger/acted-by.js';
import type { CaseContext } from '../cases/case-context.js';
import { newId } from '../platform/ledger/new-id.js';
import type { SimilarRecord } from '../dossier/detection.js';
import { noteNamesake, releaseNamesakes } from '../dossier/disputes/namesakes.js';
import { indexOf, personRow, type Person } from '../dossier/person.js';
import { askRegistersAbout } from '../dossier/register-checks.js';
import { recordLacking, statedOf, type DocumentOwnership } from '../dossier/personal.store.js';
import { insertRows } from '../platform/database/insert-rows.js';
import type { IdentityAnswer } from '../identity/identity.js';
import { findingOf } from './asked-again.js';
import type { RegistrationInput } from './registrations.dto.js';

/** A new student as the school enters one: what is entered, by whom and for which school. */
export interface StudentEntry {
  readonly input: RegistrationInput;
  readonly person: Person;
  readonly schoolId: string;
  readonly divisionCode: string;
  readonly actor: Actor;
  /** Of which intake it is a row. */
  readonly intakeId: string;
  readonly late: boolean;
  /** What the population service said of the document, if it was asked. */
  readonly answer?: IdentityAnswer;
}

interface Entered {
  readonly id: string;
  readonly studentId: string;
  readonly enrolmentId: string;
  readonly state: 'pending' | 'heldDuplicate';
  readonly findings: readonly DuplicateType[];
  /** The student's class as it is named today; null where there is none. */
  readonly className: string | null;
}

/**
 * A new person under a provisional number: pending when the check found nothing, else held until the matter is settled.
 * A held one has a row of its own, and the document stays with whose it is.
 */
export async function enterStudent(
  tx: Transaction,
  context: CaseContext,
  entry: StudentEntry,
  { holding, namesakes }: Likenesses,
): Promise<string> {
  const said = entry.answer ? findingOf(entry.answer) : [];
  const findings = DUPLICATE_TYPES.filter((type) => said.includes(type) || holding.some(({ types }) => types.includes(type)));
  const taken: unknown[] = await tx.query(`select 1 from student where document_standing = 'own' and document_index = $1`, [
    indexOf.document(context.cipher, entry.person.document),
  ]);
  const [entered] = await insertStudents(tx, context, [{ entry, findings, standing: taken.length > 0 ? 'contested' : 'own' }]);
  if (!entered) throw new Error('one student is entered');
  const { id, studentId } = entered;
  await recordDuplicates(tx, context, { id, studentId, found: holding });
  await noteNamesakes(tx, context, { id, studentId, found: namesakes });
  // The other's identity may have been authenticated between the look and the lock.
  if (holding.length > 0) await releaseNamesakes(tx, context, studentId);
  return id;
}

/** New persons whom no record is like, in a few statements however many they are; their registrations, in the same order. */
export const enterStudents = async (tx: Transaction, context: CaseContext, entries: readonly StudentEntry[]): Promise<string[]> =>
  (
    await insertStudents(
      tx,
      context,
      entries.map((entry) => ({ entry, findings: entry.answer ? findingOf(entry.answer) : [], standing: 'own' })),
    )
  ).map(({ id }) => id);

interface ToInsert {
  readonly entry: StudentEntry;
  readonly findings: readonly DuplicateType[];
  readonly standing: DocumentOwnership;
}

/** Persons, facts, enrolments, registrations and the first act of each student. */
async function insertStudents(tx: Transaction, context: CaseContext, all: readonly ToInsert[]): Promise<Entered[]> {
  if (all.length === 0) return [];
  const { cipher, clock } = context;
  const now = new Date(clock.now());
  const entries = all.map(({ entry }) => entry);
  const [issues, classes] = [await nextIssues(tx, all.length), await classesNow(tx, entries, now)];
  const entered = all.map(({ entry, findings }, nth): Entered & { number: string } => ({
    id: newId(),
    studentId: newId(),
    enrolmentId: newId(),
    state: findings.length > 0 ? 'heldDuplicate' : 'pending',
    findings,
    className: classes[nth] ?? null,
    number: provisionalNumberFor({
      divisionCode: entry.divisionCode,
      year: Number(entry.input.enrolledOn.slice(0, 4)),
      sequence: issues[nth] ?? NaN,
    }),
  }));
  const each = <T>(made: (one: (typeof entered)[number], of: ToInsert) => T): T[] =>
    entered.flatMap((one, nth) => (all[nth] ? [made(one, all[nth])] : []));
  await insertRows(
    tx,
    'student',
    each(({ studentId, number }, { entry: { person, answer }, standing }) =>
      personRow(cipher, studentId, person, { number, standing, authentication: answer === 'matched' ? 'confirmed' : 'pending', now }),
    ),
  );
  await insertRows(
    tx,
    'student_fact',
    each(({ studentId }, { entry: { input } }) =>
      statedOf(cipher, studentId, factsStated(input), { validFrom: input.enrolledOn, at: now }),
    ).flat(),
  );
  await insertEnrolments(
    tx,
    each((one, { entry }) => ({ entry, entered: one })),
    now,
  );
  await appendFirst(
    tx,
    context,
    'student',
    each((one, { entry }) => ({ streamId: one.studentId, act: madeBy(entry, one) })),
  );
  return entered;
}

/** Art 7: the dossier of an earlier stage goes on, number and all; what it lacked is added. */
export async function continueDossier(tx: Transaction, context: CaseContext, entry: StudentEntry, known: SimilarRecord): Promise<string> {
  await tx.query('select 1 from student where id = $1 for update', [known.studentId]);
  const now = new Date(context.clock.now());
  await recordLacking(tx, context.cipher, known.studentId, factsStated(entry.input), { validFrom: entry.input.enrolledOn, at: now });
  const [className = null] = await classesNow(tx, [entry], now);
  const entered: Entered = {
    id: newId(),
    studentId: known.studentId,
    enrolmentId: newId(),
    state: 'pending',
    findings: [],
    className,
  };
  await insertEnrolments(tx, [{ entry, entered }], now);
  await appendNext(tx, context, 'student', known.studentId, madeBy(entry, entered));
  return entered.id;
}

const madeBy = ({ actor, schoolId, intakeId }: StudentEntry, { id, enrolmentId, state, findings }: Entered) => ({
  kind: 'registrationMade',
  key: `registered:${id}`,
  by: actedBy(actor, { office: 'schoolClerk', organisationId: schoolId }),
  body: { registrationId: id, enrolmentId, intakeId, state, findings },
});

/** The classes that entries name, as they are named today. Those of one name, grade and major are asked for once. */
export async function classesNow(tx: Transaction, entries: readonly StudentEntry[], now: Date): Promise<(string | undefined)[]> {
  const asked = new Map<string, Promise<string | undefined>>();
  return Promise.all(
    entries.map(async ({ input, schoolId }) => {
      const { className, grade, majorCode } = input;
      if (className === undefined) return undefined;
      const key = JSON.stringify([schoolId, className, grade, majorCode]);
      const found =
        asked.get(key) ?? classNow(tx, { className, namedOn: dateOf(now.getTime()), namedAt: schoolId, schoolId, study: input });
      asked.set(key, found);
      return found;
    }),
  );
}

async function insertEnrolments(
  tx: Transaction,
  all: readonly { readonly entry: StudentEntry; readonly entered: Entered }[],
  now: Date,
): Promise<void> {
  await insertRows(
    tx,
    'enrolment',
    all.map(({ entry: { input, schoolId }, entered: { enrolmentId, studentId, state, className } }) => ({
      id: enrolmentId,
      studentId,
      schoolId,
      state,
      majorCode: input.majorCode,
      grade: input.grade,
      className,
      studyMode: input.studyMode,
      lengthYears: input.lengthYears,
      enrolledOn: input.enrolledOn,
      expectedLeavingOn: input.expectedLeavingOn,
      validFrom: input.enrolledOn,
      since: input.enrolledOn,
      recordedAt: now,
      changedAt: now,
      majorDirection: input.majorDirection ?? null,
      ...Object.fromEntries(STUDY_FACTS.map((fact) => [fact, input[fact] ?? null])),
    })),
    { computed: { class_since: CLASS_SINCE('school_id', 'class_name', 'valid_from') } },
  );
  await insertRows(
    tx,
    'registration',
    all.map(({ entry: { input, schoolId, actor, intakeId, late }, entered: { id, enrolmentId, studentId, findings } }) => ({
      id,
      studentId,
      enrolmentId,
      schoolId,
      intakeId,
      findings,
      reportedOn: input.reportedOn,
      late,
      registeredBy: actor.personId,
      recordedAt: now,
    })),
  );
  await askRegistersAbout(
    tx,
    all.map(({ entered }) => entered.studentId),
    now,
  );
}

/** Which records hold a registration, and which are only noted. */
export interface Likenesses {
  readonly holding: readonly SimilarRecord[];
  readonly namesakes: readonly SimilarRecord[];
}

/** A like name, sex and birth date is a note where both documents are authenticated, and holds where one of them is not. */
export const likenessesTo = (found: readonly SimilarRecord[], answer: IdentityAnswer | undefined): Likenesses => {
  const isNamesake = ({ types, authenticated }: SimilarRecord) => areNamesakes(types, authenticated && answer === 'matched');
  return { holding: found.filter((one) => !isNamesake(one)), namesakes: found.filter(isNamesake) };
};

/** On both sides, for the reviewers of school and authority: that another record has the same name, sex and birth date. */
export async function noteNamesakes(
  tx: Transaction,
  context: CaseContext,
  { id, studentId, found }: { id: string; studentId: string; found: readonly SimilarRecord[] },
): Promise<void> {
  if (found.length === 0) return;
  const now = new Date(context.clock.now());
  const key = newId();
  for (const [nth, other] of found.entries())
    await tx.query(
      `insert into duplicate (id, registration_id, held_student_id, other_student_id, other_school_id, types, state, outcome, settled_at)
        values ($1,$2,$3,$4,$5,$6,'settled','namesakes',$7)`,
      [nth === 0 ? key : newId(), id, studentId, other.studentId, other.schoolId, other.types, now],
    );
  for (const side of [studentId, ...found.map((other) => other.studentId)].sort()) {
    await tx.query('select 1 from student where id = $1 for update', [side]);
    await noteNamesake(tx, context, { studentId: side, registrationId: id, key });
  }
}

/** On both sides: which other records the registration is held against. */
export async function recordDuplicates(
  tx: Transaction,
  context: CaseContext,
  { id, studentId, found }: { id: string; studentId: string; found: readonly SimilarRecord[] },
): Promise<void> {
  const now = new Date(context.clock.now());
  for (const other of found.toSorted((a, b) => (a.studentId < b.studentId ? -1 : 1))) {
    await tx.query('select 1 from student where id = $1 for update', [other.studentId]);
    const duplicateId = newId();
    await tx.query(
      `insert into duplicate (id, registration_id, held_student_id, other_student_id, other_school_id, types, state)
        values ($1,$2,$3,$4,$5,$6,'open')`,
      [duplicateId, id, studentId, other.studentId, other.schoolId, other.types],
    );
    await tx.query('update student set changed_at = $2 where id = $1', [other.studentId, now]);
    // by the system, of which the other school is told
    await appendNext(tx, context, 'student', other.studentId, {
      kind: 'duplicateFound',
      key: `duplicate:${duplicateId}`,
      body: { registrationId: id, types: other.types, schoolId: other.schoolId },
    });
  }
}
