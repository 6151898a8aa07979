import { Problem } from '../api/problem.js';
import type { FieldCipher } from '../database/field-cipher.js';
import type { Transaction } from '../database/in-scope.js';
import { documentProblem, type DocumentType, type Sex } from '../domain/id-document.js';
import { append, headOf, readTexts } from '../ledger/streams.js';
import type { RequestRow } from '../requests/read-model.js';
import { dayOf, type Subject } from '../students/effects/effect.js';
import { indexOf, normalised, personOf, replacePerson, type Person } from './person.js';

interface Amendments {
  readonly name?: string;
  readonly sex?: Sex;
  readonly birthDate?: string;
  readonly documentType?: DocumentType;
  readonly documentNumber?: string;
  readonly ethnicGroup?: string;
}

const parse = (texts: Readonly<Record<string, string>> | undefined): Amendments | undefined =>
  texts?.amendments === undefined ? undefined : (JSON.parse(texts.amendments) as Amendments);

/** A document is amended whole and must be one. @throws Problem document-invalid */
export function checkAmendments(texts: Readonly<Record<string, string>> | undefined, today: string): void {
  const { documentType, documentNumber, birthDate, sex } = parse(texts) ?? {};
  if (documentType === undefined && documentNumber === undefined) return;
  const problem =
    documentType === undefined || documentNumber === undefined
      ? 'documentType and documentNumber go together'
      : documentProblem(documentType, documentNumber, { birthDate, sex, today });
  if (problem) throw new Problem('document-invalid', { errors: [{ pointer: '/details/amendments/documentNumber', detail: problem }] });
}

/** The student's identity with what the claim amends, as its `filed` act keeps it encrypted; undefined when it amends nothing of it. */
export async function amendedPerson(
  tx: Transaction,
  cipher: FieldCipher,
  { id, studentId, details }: Pick<RequestRow, 'id' | 'studentId' | 'details'>,
): Promise<Person | undefined> {
  if (details.action !== 'amend') return undefined;
  return withAmendments(tx, cipher, studentId, (await readTexts(tx, cipher, id)).get(1));
}

/** The same from the texts of a filing that is not written yet. */
export async function withAmendments(
  tx: Transaction,
  cipher: FieldCipher,
  studentId: string,
  texts: Readonly<Record<string, string>> | undefined,
): Promise<Person | undefined> {
  const amendments = parse(texts);
  if (!amendments) return undefined;
  const present = await personOf(tx, cipher, studentId);
  const { name = present.name, sex = present.sex, birthDate = present.birthDate, documentType, documentNumber } = amendments;
  const document = documentType && documentNumber ? { type: documentType, number: documentNumber } : present.document;
  return normalised({ document, name, sex, birthDate });
}

/** Whether the document is a third person's, who is no side of this matter. */
export async function isTaken(
  tx: Transaction,
  cipher: FieldCipher,
  studentId: string,
  { document }: Person,
  sides: readonly { readonly themStudentId: string }[],
): Promise<boolean> {
  const rows: unknown[] = await tx.query(
    `select 1 from student where document_index = $1 and document_standing = 'own' and id <> $2 and not id = any($3::uuid[])`,
    [indexOf.document(cipher, document), studentId, sides.map(({ themStudentId }) => themStudentId)],
  );
  return rows.length > 0;
}

/** Puts the amended identity on the student's row; what stood there before stays in the student's stream, encrypted. The number stays. */
export async function amend(subject: Subject, person: Person): Promise<void> {
  const { tx, deps, loaded, enrolment } = subject;
  const { studentId } = enrolment;
  const now = new Date(deps.clock.now());
  const before = await personOf(tx, deps.cipher, studentId);
  const taken: unknown[] = await tx.query(`select 1 from student where document_index = $1 and document_standing = 'own' and id <> $2`, [
    ...[indexOf.document(deps.cipher, person.document), studentId],
  ]);
  await replacePerson(tx, deps.cipher, studentId, person, { standing: taken.length > 0 ? 'contested' : 'own', now });
  await append(tx, deps, 'student', studentId, await headOf(tx, studentId), {
    ...{ kind: 'personAmended', key: `amended:${loaded.request.id}`, body: { requestId: loaded.request.id } },
    texts: { former: JSON.stringify(before) },
  });
  const { ethnicGroup } = parse((await readTexts(tx, deps.cipher, loaded.request.id)).get(1)) ?? {};
  if (ethnicGroup) await replaceFact(subject, 'ethnicGroup', ethnicGroup);
}

async function replaceFact(subject: Subject, fact: string, value: string): Promise<void> {
  const { tx, deps, enrolment } = subject;
  const [on, now] = [dayOf(subject), new Date(deps.clock.now())];
  await tx.query('update student_fact set valid_to = $3 where student_id = $1 and fact = $2 and valid_to is null', [
    enrolment.studentId,
    fact,
    on,
  ]);
  await tx.query('insert into student_fact (student_id, fact, value_cipher, valid_from, recorded_at) values ($1,$2,$3,$4,$5)', [
    ...[enrolment.studentId, fact, deps.cipher.encrypt(value, `student_fact.${fact}:${enrolment.studentId}`), on, now],
  ]);
}
