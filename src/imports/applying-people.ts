import { CLASS_SINCE } from '../classes/named-classes.js';
import type { EnrolmentState } from '../domain/dossier/dossier.js';
import type { ImportedEnrolment } from '../domain/dossier/imported.js';
import { factsStated } from '../domain/dossier/record.js';
import { STUDY_FACTS } from '../domain/dossier/study-data.js';
import { LEAVES_IN } from '../domain/graduation/outcomes.js';
import { personRow } from '../dossier/person.js';
import { recordLacking, statedOf } from '../dossier/personal.store.js';
import { insertRows } from '../platform/database/insert-rows.js';
import { newId } from '../platform/ledger/new-id.js';
import { appendFirst, appendNext } from '../platform/ledger/streams.js';
import { keepHistories, type Applying } from './applying.store.js';
import type { Applicable } from './judged.js';
import { firstDayOf, numberIn, personIn } from './row-reading.js';

type People = Applicable<'students'> | Applicable<'graduates'>;
interface Entered {
  readonly of: People;
  readonly studentId: string;
  readonly enrolmentId: string;
}

/**
 * Brings in students and graduates, each by one act, marked with the import. The number is the one that was given, and the authority that
 * signed the list off answers for the identity. No task, no clock and no notification follows. Returns by row whose dossier it is.
 */
export async function applyPeople(applying: Applying, rows: readonly People[]): Promise<ReadonlyMap<number, string>> {
  const { tx, deps, now, by } = applying;
  const entered = rows.map((of): Entered => ({ of, studentId: of.known.continues ?? newId(), enrolmentId: newId() }));
  const fresh = entered.filter(({ of }) => of.known.continues === undefined);
  const persons = fresh.map(({ of: { input }, studentId }) =>
    personRow(deps.cipher, studentId, personIn(input), {
      number: numberIn(input),
      standing: 'own',
      authentication: 'attested',
      now,
    }),
  );
  await insertRows(tx, 'student', persons);
  await insertRows(
    tx,
    'student_fact',
    fresh.flatMap(({ of: { input }, studentId }) =>
      statedOf(deps.cipher, studentId, factsStated(input), { validFrom: input.enrolledOn, at: now }),
    ),
  );
  for (const { of, studentId } of entered.filter((one) => !fresh.includes(one))) {
    await tx.query('select 1 from student where id = $1 for update', [studentId]);
    await recordLacking(tx, deps.cipher, studentId, factsStated(of.input), { validFrom: of.input.enrolledOn, at: now });
  }
  await insertEnrolments(applying, entered);
  await appendFirst(
    tx,
    deps,
    'student',
    fresh.map((one) => ({ streamId: one.studentId, act: { ...importedBy(applying, one), by } })),
  );
  for (const one of entered.filter((any) => !fresh.includes(any)))
    await appendNext(tx, deps, 'student', one.studentId, { ...importedBy(applying, one), by });
  return new Map(entered.map(({ of, studentId }) => [of.row, studentId]));
}

const importedBy = ({ importId }: Applying, { of, enrolmentId }: Entered) => ({
  kind: 'enrolmentImported',
  key: `imported:${importId}/${of.row}`,
  body: { importId, row: of.row, enrolmentId, state: standingIn(of).state },
});

function standingIn({ input }: People): ImportedEnrolment & { readonly state: EnrolmentState; readonly expectedLeavingOn: string } {
  const { grade, majorCode, studyMode, className = null } = input;
  const study = { grade, majorCode, studyMode, className, validFrom: firstDayOf(input) };
  if ('outcome' in input) {
    const left = { since: input.leavingOn, validTo: input.leavingOn, expectedLeavingOn: input.leavingOn };
    return { ...study, ...left, state: LEAVES_IN[input.outcome], suspendedUntil: null };
  }
  const { state, suspendedFrom, suspendedUntil = null, expectedLeavingOn } = input;
  return { ...study, state, since: suspendedFrom ?? study.validFrom, suspendedUntil, validTo: null, expectedLeavingOn };
}

async function insertEnrolments({ tx, importId, now }: Applying, entered: readonly Entered[]): Promise<void> {
  await insertRows(
    tx,
    'enrolment',
    entered.map(({ of, studentId, enrolmentId }) => ({
      id: enrolmentId,
      studentId,
      schoolId: of.known.school.id,
      ...standingIn(of),
      lengthYears: of.input.lengthYears,
      enrolledOn: of.input.enrolledOn,
      recordedAt: now,
      changedAt: now,
      majorDirection: of.input.majorDirection ?? null,
      ...Object.fromEntries(STUDY_FACTS.map((fact) => [fact, of.input[fact] ?? null])),
      importId,
    })),
    { computed: { class_since: CLASS_SINCE('school_id', 'class_name', 'valid_from') } },
  );
  await keepHistories(
    tx,
    entered.map(({ of, enrolmentId }) => ({ enrolmentId, present: standingIn(of), changes: [] })),
  );
}
