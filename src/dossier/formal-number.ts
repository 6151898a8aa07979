import type { FieldCipher } from '../platform/database/field-cipher.js';
import type { Transaction } from '../platform/database/in-scope.js';
import { formalNumberFor } from '../domain/dossier/student-number.js';
import { nextIssue } from './next-issue.js';
import { assignFormalNumber, type FactSource } from './personal.store.js';
import { personOf } from './person.js';

/** A registered student whose identity is authenticated and whose document is the student's own: all that a formal number asks for. */
const DUE = `
  select s.number_cipher as number, o.division_code as "divisionCode", extract(year from e.valid_from)::int as year
  from student s join enrolment e on e.student_id = s.id and e.state in ('active','suspended') join organisation o on o.id = e.school_id
  where s.id = $1 and s.authentication <> 'pending' and s.document_standing = 'own'`;

/**
 * The formal number replaces the provisional one, once, when everything for it is there (Art 9, R-03, R-09): until then the number stays
 * provisional. A code stands in where the document's number was given to somebody else before. The caller holds the student's row.
 */
export async function assignNumberIfDue(tx: Transaction, cipher: FieldCipher, studentId: string, stated: FactSource): Promise<void> {
  const [due] = await tx.query<{ number: Buffer; divisionCode: string; year: number }[]>(DUE, [studentId]);
  if (!due || !cipher.decrypt(due.number, `student.number:${studentId}`).startsWith('L')) return;
  const { document } = await personOf(tx, cipher, studentId);
  const issue = { divisionCode: due.divisionCode, year: due.year, sequence: await nextIssue(tx) };
  const wanted = formalNumberFor(document, issue);
  const taken: unknown[] = await tx.query('select 1 from student where number_index = $1', [cipher.index('studentNumber', wanted)]);
  const formal = taken.length === 0 ? wanted : formalNumberFor({ type: 'other', number: '' }, issue);
  await assignFormalNumber(tx, cipher, studentId, formal, stated);
}
