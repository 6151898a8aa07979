import { dateOf } from '../domain/working-days.js';
import { CLASS_SINCE, classNow } from '../classes/named-classes.js';
import { nextIssue } from '../dossier/next-issue.js';
import type { Transaction } from '../platform/database/in-scope.js';
import { areNamesakes, DUPLICATE_TYPES, type DuplicateType } from '../domain/dossier/duplicates.js';
import type { Actor } from '../domain/offices.js';
import { factsStated } from '../domain/dossier/record.js';
import { STUDY_FACTS } from '../domain/dossier/study-data.js';
import { provisionalNumberFor } from '../domain/dossier/student-number.js';
import { appendNext } from '../platform/ledger/streams.js';
import { actedBy } from '../platform/ledger/acted-by.js';
import type { CaseContext } from '../cases/case-context.js';
import { newId } from '../platform/ledger/new-id.js';
import type { SimilarRecord } from '../dossier/detection.js';
import { noteNamesake, releaseNamesakes } from '../dossier/disputes/namesakes.js';
import { indexOf, insertPerson, type Person } from '../dossier/person.js';
import { recordLacking, statedOf } from '../dossier/personal.store.js';
import { insertRows } from '../platform/database/insert-rows.js';
import type { IdentityAnswer } from '../identity/identity.js';
import { findingOf } from './asked-again.js';
import type { RegistrationInput } from './registrations.dto.js';

/** What is entered, by whom and for which school. */
export interface Intake {
  readonly input: RegistrationInput;
  readonly person: Person;
  readonly schoolId: string;
  readonly divisionCode: string;
  readonly actor: Actor;
  readonly late: boolean;
  /** What the population service said of the document, if it was asked. */
  readonly answer?: IdentityAnswer;
}

interface Rows {
  readonly studentId: string;
  readonly state: 'pending' | 'heldDuplicate';
  readonly findings: readonly DuplicateType[];
}

/**
 * A new person under a provisional number: pending when the check found nothing, else held until the matter is settled.
 * A held one has a row of its own, and the document stays with whose it is.
 */
export async function enterStudent(
  tx: Transaction,
  context: CaseContext,
  intake: Intake,
  { holding, namesakes }: Likenesses,
): Promise<string> {
  const { cipher, clock } = context;
  const studentId = newId();
  const number = provisionalNumberFor({
    divisionCode: intake.divisionCode,
    year: Number(intake.input.enrolledOn.slice(0, 4)),
    sequence: await nextIssue(tx),
  });
  const said = intake.answer ? findingOf(intake.answer) : [];
  const findings = DUPLICATE_TYPES.filter((type) => said.includes(type) || holding.some(({ types }) => types.includes(type)));
  const taken: unknown[] = await tx.query(`select 1 from student where document_standing = 'own' and document_index = $1`, [
    indexOf.document(cipher, intake.person.document),
  ]);
  const now = new Date(clock.now());
  const authentication = intake.answer === 'matched' ? 'confirmed' : 'pending';
  const standing = taken.length > 0 ? 'contested' : 'own';
  await insertPerson(tx, cipher, studentId, intake.person, { number, standing, authentication, now });
  await insertRows(
    tx,
    'student_fact',
    statedOf(cipher, studentId, factsStated(intake.input), { validFrom: intake.input.enrolledOn, at: now }),
  );
  const id = await insertRegistration(tx, context, intake, {
    studentId,
    state: findings.length > 0 ? 'heldDuplicate' : 'pending',
    findings,
  });
  await recordDuplicates(tx, context, { id, studentId, found: holding });
  await noteNamesakes(tx, context, { id, studentId, found: namesakes });
  // The other's identity may have been authenticated between the look and the lock.
  if (holding.length > 0) await releaseNamesakes(tx, context, studentId);
  return id;
}

/** Art 7: the dossier of an earlier stage goes on, number and all; what it lacked is added. */
export async function continueDossier(tx: Transaction, context: CaseContext, intake: Intake, known: SimilarRecord): Promise<string> {
  await tx.query('select 1 from student where id = $1 for update', [known.studentId]);
  const stated = { validFrom: intake.input.enrolledOn, at: new Date(context.clock.now()) };
  await recordLacking(tx, context.cipher, known.studentId, factsStated(intake.input), stated);
  return insertRegistration(tx, context, intake, { studentId: known.studentId, state: 'pending', findings: [] });
}

async function insertRegistration(
  tx: Transaction,
  context: CaseContext,
  intake: Intake,
  { studentId, state, findings }: Rows,
): Promise<string> {
  const { input, schoolId, actor } = intake;
  const [id, enrolmentId, now] = [newId(), newId(), new Date(context.clock.now())];
  const named = { namedOn: dateOf(now.getTime()), namedAt: schoolId, schoolId, study: input };
  const className = input.className === undefined ? undefined : await classNow(tx, { ...named, className: input.className });
  await tx.query(
    `insert into enrolment (id, student_id, school_id, state, major_code, grade, class_name, study_mode, length_years, enrolled_on,
      expected_leaving_on, valid_from, since, recorded_at, changed_at, major_direction, class_since,
      admission_kind, origin, cross_stage, teaching_site, number_at_school)
     values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$10,$10,$12,$12,$13,${CLASS_SINCE('$3', '$7', '$10')},$14,$15,$16,$17,$18)`,
    [
      enrolmentId,
      studentId,
      schoolId,
      state,
      input.majorCode,
      input.grade,
      className ?? null,
      input.studyMode,
      input.lengthYears,
      input.enrolledOn,
      input.expectedLeavingOn,
      now,
      input.majorDirection ?? null,
      ...STUDY_FACTS.map((fact) => input[fact] ?? null),
    ],
  );
  await tx.query(
    `insert into registration (id, student_id, enrolment_id, school_id, findings, reported_on, late, registered_by, recorded_at)
     values ($1,$2,$3,$4,$5,$6,$7,$8,$9)`,
    [id, studentId, enrolmentId, schoolId, findings, input.reportedOn, intake.late, actor.personId, now],
  );
  await appendNext(tx, context, 'student', studentId, {
    kind: 'registrationMade',
    key: `registered:${id}`,
    by: actedBy(actor, { office: 'schoolClerk', organisationId: schoolId }),
    body: { registrationId: id, enrolmentId, state, findings },
  });
  return id;
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
async function noteNamesakes(
  tx: Transaction,
  context: CaseContext,
  { id, studentId, found }: { id: string; studentId: string; found: readonly SimilarRecord[] },
): Promise<void> {
  if (found.length === 0) return;
  const now = new Date(context.clock.now());
  for (const other of found)
    await tx.query(
      `insert into duplicate (id, registration_id, held_student_id, other_student_id, other_school_id, types, state, outcome, settled_at)
        values ($1,$2,$3,$4,$5,$6,'settled','namesakes',$7)`,
      [newId(), id, studentId, other.studentId, other.schoolId, other.types, now],
    );
  for (const side of [studentId, ...found.map((other) => other.studentId)].sort()) {
    await tx.query('select 1 from student where id = $1 for update', [side]);
    await noteNamesake(tx, context, { studentId: side, registrationId: id });
  }
}

/** On both sides: which other records the registration is held against. */
async function recordDuplicates(
  tx: Transaction,
  context: CaseContext,
  { id, studentId, found }: { id: string; studentId: string; found: readonly SimilarRecord[] },
): Promise<void> {
  const now = new Date(context.clock.now());
  for (const other of found.toSorted((a, b) => (a.studentId < b.studentId ? -1 : 1))) {
    await tx.query('select 1 from student where id = $1 for update', [other.studentId]);
    await tx.query(
      `insert into duplicate (id, registration_id, held_student_id, other_student_id, other_school_id, types, state)
        values ($1,$2,$3,$4,$5,$6,'open')`,
      [newId(), id, studentId, other.studentId, other.schoolId, other.types],
    );
    await tx.query('update student set changed_at = $2 where id = $1', [other.studentId, now]);
    // by the system, of which the other school is told
    await appendNext(tx, context, 'student', other.studentId, {
      kind: 'duplicateFound',
      key: `duplicate:${id}`,
      body: { registrationId: id, types: other.types, schoolId: other.schoolId },
    });
  }
}
