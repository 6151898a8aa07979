import { CLASS_SINCE } from '../classes/named-classes.js';
import type { CaseContext } from '../cases/case-context.js';
import { areOnePerson, DUPLICATE_TYPES, type DuplicateType } from '../domain/dossier/duplicates.js';
import { CONTACT_FACTS, CORRECTED_FACTS, IDENTITY_FACTS } from '../domain/dossier/personal-facts.js';
import { factsStated } from '../domain/dossier/record.js';
import { STUDY_FACTS } from '../domain/dossier/study-data.js';
import { recordsLike } from '../dossier/detection.js';
import { lockBothSides, releaseNamesakes } from '../dossier/disputes/namesakes.js';
import { keepOrSettle, releaseUnlike } from '../dossier/disputes/reconsidered.js';
import { wakeAssertions } from '../dossier/disputes/wake-assertions.js';
import { factsOf, ownersOf } from '../dossier/person.js';
import { askRegistersAbout } from '../dossier/register-checks.js';
import { toldApartFrom } from '../dossier/registered-elsewhere.js';
import { presentPersonal, recordFacts, recordLacking, UNSTATED } from '../dossier/personal.store.js';
import type { Transaction } from '../platform/database/in-scope.js';
import { Problem } from '../platform/http/problem.js';
import { actedBy } from '../platform/ledger/acted-by.js';
import { appendNext } from '../platform/ledger/streams.js';
import { askAgain, findingOf } from './asked-again.js';
import { classesNow, likenessesTo, noteNamesakes, recordDuplicates, type StudentEntry } from './intake.js';

/** A registration that is not made yet, as it stands. */
export interface Correctable {
  readonly id: string;
  readonly studentId: string;
  readonly enrolmentId: string;
  readonly findings: readonly DuplicateType[];
  /** The dossier began elsewhere: what it says of the person changes by Art 16 only. */
  readonly continued: boolean;
}

/** What of a person or a study the new row says otherwise; names of fields only. */
export type Corrected = readonly string[];

/**
 * Puts a registration right that is not made yet: identity, facts and study become those of the entry. Former values stay on record. Who is
 * like it is judged anew, on both sides. Says which fields changed.
 * @throws Problem possible-duplicate, dossier-exists, identity-by-correction; nothing is written then
 */
export async function correctStudent(tx: Transaction, context: CaseContext, entry: StudentEntry, row: Correctable): Promise<Corrected> {
  const { cipher, clock } = context;
  const { studentId } = row;
  const now = new Date(clock.now());
  await lockBothSides(tx, studentId, row.id);
  const before = await presentPersonal(tx, cipher, studentId);
  const changes = changesOf(before, { ...factsStated(entry.input), ...factsOf(entry.person) });
  const identity = IDENTITY_FACTS.some((fact) => fact in changes);
  if (row.continued) {
    if (identity) throw new Problem('identity-by-correction');
    await recordLacking(tx, cipher, studentId, factsStated(entry.input), { validFrom: entry.input.enrolledOn, at: now });
    const study = await correctStudy(tx, entry, row, now);
    await noteCorrection(tx, context, entry, row, { fields: study, former: {} });
    return study;
  }
  const [[found = []], apart] = await Promise.all([
    recordsLike(tx, cipher, [entry.person], [studentId]),
    toldApartFrom(tx, studentId), // prettier-ignore
  ]);
  const likenesses = likenessesTo(found, entry.answer);
  const holding = likenesses.holding.filter((one) => areOnePerson(one.types) || !apart.has(one.studentId));
  if (found.some(({ toContinue }) => toContinue)) throw new Problem('dossier-exists');
  if (holding.length > 0 && !entry.input.enterHeld) throw new Problem('possible-duplicate', { facts: { continue: AGAIN } });
  await recordPerson(tx, context, entry, { studentId, changes, identity });
  const known = await keepOrSettle(tx, row.id, holding, now);
  const news = holding.filter((one) => !known.openWith.has(one.studentId));
  await recordDuplicates(tx, context, { id: row.id, studentId, found: news });
  await noteNamesakes(tx, context, {
    id: row.id,
    studentId,
    found: likenesses.namesakes.filter((one) => !known.notedWith.has(one.studentId)),
  });
  const findings = findingsAfter(entry, { holding, identity, before: row.findings.filter((type) => !known.types.includes(type)) });
  await tx.query('update registration set findings = $2 where id = $1', [row.id, findings]);
  const study = await correctStudy(tx, entry, row, now, findings.length > 0 ? 'heldDuplicate' : 'pending');
  await askTheService(tx, entry, row.id, now);
  if (known.settled) await wakeAssertions(tx, context, { details: { registrationId: row.id } });
  if (identity) {
    await askRegistersAbout(tx, [studentId], now);
    await releaseUnlike(tx, context, studentId);
  }
  await releaseNamesakes(tx, context, studentId);
  const fields = [...Object.keys(changes), ...study];
  await noteCorrection(tx, context, entry, row, { fields, former: pick(before, Object.keys(changes)) });
  return fields;
}

/** The person as the row says it now. An identity that changed is authenticated anew. */
async function recordPerson(
  tx: Transaction,
  { cipher, clock }: CaseContext,
  { input, person, answer }: StudentEntry,
  { studentId, changes, identity }: { studentId: string; changes: Readonly<Record<string, string>>; identity: boolean },
): Promise<void> {
  const at = new Date(clock.now());
  const ownership = (await ownersOf(tx, cipher, person.document, [studentId])).length === 0 ? 'own' : 'contested';
  const authentication = answer === 'matched' ? 'confirmed' : identity ? 'pending' : undefined;
  await recordFacts(tx, cipher, studentId, changes, { validFrom: input.enrolledOn, at, ownership, authentication });
  await tx.query(
    'update student set document_standing = $2, authentication = coalesce($3, authentication), changed_at = $4 where id = $1',
    [studentId, ownership, authentication ?? null, at],
  );
}

const AGAIN = { method: 'PUT', set: { enterHeld: true } };

/** Values that differ, with those that are no longer said. */
function changesOf(before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>): Record<string, string> {
  const gone = Object.keys(before).filter((fact) => SAID.includes(fact) && !(fact in after));
  const said = Object.entries(after).filter(([fact, value]) => before[fact] !== value);
  return { ...Object.fromEntries(gone.map((fact) => [fact, UNSTATED])), ...Object.fromEntries(said) };
}

/** What a row states of a person. */
const SAID: readonly string[] = [...CORRECTED_FACTS, ...CONTACT_FACTS];

const pick = (values: Readonly<Record<string, string>>, fields: readonly string[]): Record<string, string> =>
  Object.fromEntries(Object.entries(values).filter(([field]) => fields.includes(field)));

/** What the service said before holds on where it can't be asked now and the identity is the same. So does what another register said. */
function findingsAfter(
  { answer }: StudentEntry,
  { holding, identity, before }: { holding: readonly { types: readonly DuplicateType[] }[]; identity: boolean; before: Corrected },
): DuplicateType[] {
  const asked = answer !== undefined && answer !== 'unavailable';
  const said: readonly string[] = asked ? findingOf(answer) : identity ? [] : before;
  const held = (type: DuplicateType) => type === 'otherRegister' && !identity && before.includes(type);
  return DUPLICATE_TYPES.filter((type) => held(type) || said.includes(type) || holding.some(({ types }) => types.includes(type)));
}

/** The service is asked about a document that it can know, until it confirms; about no other. */
async function askTheService(tx: Transaction, { person, answer }: StudentEntry, id: string, now: Date): Promise<void> {
  await tx.query('delete from registration_check where registration_id = $1', [id]);
  if (person.document.type === 'residentId' && answer !== 'matched') await askAgain(tx, id, answer ?? 'unavailable', now.getTime());
}

interface StudyRow {
  readonly [column: string]: unknown;
}

/** Columns of an enrolment that a row states, by the field of the row. */
const STUDY_COLUMNS = {
  majorCode: 'major_code',
  majorDirection: 'major_direction',
  grade: 'grade',
  className: 'class_name',
  studyMode: 'study_mode',
  lengthYears: 'length_years',
  enrolledOn: 'enrolled_on',
  expectedLeavingOn: 'expected_leaving_on',
  admissionKind: 'admission_kind',
  origin: 'origin',
  crossStage: 'cross_stage',
  teachingSite: 'teaching_site',
  numberAtSchool: 'number_at_school',
} as const;

/** The study as the entry says it, as the enrolment's next version. Names of the fields that changed. */
async function correctStudy(tx: Transaction, entry: StudentEntry, row: Correctable, now: Date, state?: string): Promise<string[]> {
  const { input } = entry;
  const [className = null] = await classesNow(tx, [entry], now);
  const said: Record<string, unknown> = {
    ...input,
    majorDirection: input.majorDirection ?? null,
    ...Object.fromEntries(STUDY_FACTS.map((fact) => [fact, input[fact] ?? null])),
    className,
  };
  const columns = Object.entries(STUDY_COLUMNS);
  const [was] = await tx.query<StudyRow[]>(
    `select major_code as "majorCode", major_direction as "majorDirection", grade, class_name as "className", study_mode as "studyMode",
       length_years::float as "lengthYears", to_char(enrolled_on, 'YYYY-MM-DD') as "enrolledOn",
       to_char(expected_leaving_on, 'YYYY-MM-DD') as "expectedLeavingOn", admission_kind as "admissionKind", origin,
       cross_stage as "crossStage", teaching_site as "teachingSite", number_at_school as "numberAtSchool"
     from enrolment where id = $1`,
    [row.enrolmentId],
  );
  const fields = columns.map(([field]) => field).filter((field) => (was?.[field] ?? null) !== (said[field] ?? null));
  await tx.query(
    `update enrolment set changed_at = $2, changed_by = null, state = coalesce($3, state), valid_from = $4::date,
       since = greatest(since, $4::date), class_since = ${CLASS_SINCE('school_id', '$5', '$4::date')},
       class_name = $5, major_code = $6, major_direction = $7, grade = $8, study_mode = $9, length_years = $10, enrolled_on = $4::date,
       expected_leaving_on = $11, admission_kind = $12, origin = $13, cross_stage = $14, teaching_site = $15, number_at_school = $16
     where id = $1`,
    [
      row.enrolmentId,
      now,
      state ?? null,
      input.enrolledOn,
      className,
      ...['majorCode', 'majorDirection', 'grade', 'studyMode', 'lengthYears', 'expectedLeavingOn', ...STUDY_FACTS].map(
        (field) => said[field] ?? null,
      ),
    ],
  );
  return fields;
}

const noteCorrection = (
  tx: Transaction,
  context: CaseContext,
  { actor, schoolId, intakeId }: StudentEntry,
  { id, studentId }: Correctable,
  { fields, former }: { readonly fields: Corrected; readonly former: object },
): Promise<unknown> =>
  appendNext(tx, context, 'student', studentId, {
    kind: 'registrationCorrected',
    by: actedBy(actor, { office: 'schoolClerk', organisationId: schoolId }),
    body: { registrationId: id, intakeId, fields },
    texts: { former: JSON.stringify(former) },
  });
