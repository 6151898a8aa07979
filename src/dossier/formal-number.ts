import type { Transaction } from '../platform/database/in-scope.js';
import type { FieldCipher } from '../platform/database/field-cipher.js';
import { formalNumberFor, type NumberIssue } from '../domain/dossier/student-number.js';
import { nextIssues } from './next-issue.js';
import { assignFormalNumbers, type FactSource } from './personal.store.js';
import { personsById } from './person.js';

/** Codes of one look. */
const MOST_LOOKED_AT = 16_384;

/** Registered students whose identity is authenticated and whose document is their own: all that a formal number asks for. */
const DUE = `
  select s.id, s.number_cipher as number, o.division_code as "divisionCode", extract(year from e.valid_from)::int as year
  from student s join enrolment e on e.student_id = s.id and e.state in ('active','suspended') join organisation o on o.id = e.school_id
  where s.id = any($1::uuid[]) and s.authentication <> 'pending' and s.document_standing = 'own' order by s.id`;

/** The same for one student. */
export const assignNumberIfDue = (tx: Transaction, cipher: FieldCipher, studentId: string, stated: FactSource): Promise<unknown> =>
  assignNumbersIfDue(tx, cipher, [studentId], stated);

/**
 * The formal number replaces the provisional one, once, when everything for it is there (Art 9, R-03, R-09): until then the number stays
 * provisional. A code stands in where the document's number was given to somebody else before. The caller holds the students' rows.
 * Answers who was numbered.
 */
export async function assignNumbersIfDue(
  tx: Transaction,
  cipher: FieldCipher,
  studentIds: readonly string[],
  stated: FactSource,
): Promise<ReadonlySet<string>> {
  const rows = await tx.query<{ id: string; number: Buffer; divisionCode: string; year: number }[]>(DUE, [studentIds]);
  const due = rows.filter(({ id, number }) => cipher.decrypt(number, `student.number:${id}`).startsWith('L'));
  if (due.length === 0) return new Set();
  const ids = due.map(({ id }) => id);
  const [persons, issues] = await Promise.all([personsById(tx, cipher, ids), nextIssues(tx, due.length)]);
  const numbered = due.map(({ id, divisionCode, year }, i) => {
    const person = persons.get(id);
    if (!person) throw new Error(`no student ${id}`);
    const issue = { divisionCode, year, sequence: issues[i] ?? NaN };
    return { id, issue, wanted: formalNumberFor(person.document, issue) };
  });
  const taken = await takenNumbers(
    tx,
    cipher,
    numbered.map(({ wanted }) => wanted),
  );
  const formal = await Promise.all(
    numbered.map(async ({ id, issue, wanted }) => ({ id, number: taken.has(wanted) ? await freeCode(tx, cipher, issue) : wanted })),
  );
  await assignFormalNumbers(tx, cipher, formal, stated);
  return new Set(ids);
}

/** Which of these numbers were given before. */
async function takenNumbers(tx: Transaction, cipher: FieldCipher, numbers: readonly string[]): Promise<ReadonlySet<string>> {
  const byDigest = new Map(numbers.map((number) => [cipher.index('studentNumber', number).toString('hex'), number]));
  const rows = await tx.query<{ digest: string }[]>(
    `select encode(number_index, 'hex') as digest from student where number_index in (select decode(unnest($1::text[]), 'hex'))`,
    [[...byDigest.keys()]],
  );
  return new Set(rows.map(({ digest }) => byDigest.get(digest) ?? ''));
}

/** A code that nobody has: others may have been given before this system, and came in with an import. More are looked at each time. */
async function freeCode(tx: Transaction, cipher: FieldCipher, issue: NumberIssue): Promise<string> {
  for (let many = 1; many <= MOST_LOOKED_AT; many *= 4) {
    const sequences = many === 1 ? [issue.sequence] : await nextIssues(tx, many);
    const codes = sequences.map((sequence) => formalNumberFor({ type: 'other', number: '' }, { ...issue, sequence }));
    const taken = await takenNumbers(tx, cipher, codes);
    const free = codes.find((code) => !taken.has(code));
    if (free !== undefined) return free;
  }
  throw new Error(`no code is free for ${issue.divisionCode} ${issue.year}`);
}
