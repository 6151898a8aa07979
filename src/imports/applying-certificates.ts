import { recordCertificate } from '../certificates/imported-certificates.js';
import { normaliseDocumentNumber } from '../domain/dossier/id-document.js';
import type { Applying } from './applying.store.js';
import { certificateNumberIn } from './judging-certificates.js';
import type { Applicable } from './judged.js';
import { nameIn } from './row-reading.js';

/** Puts certificates of graduates on record as the paper says. Returns by row whose dossier it is. */
export async function applyCertificates(
  applying: Applying,
  rows: readonly Applicable<'certificates'>[],
): Promise<ReadonlyMap<number, string>> {
  const { tx, deps, importId, by } = applying;
  const students = [...new Set(rows.map(({ known }) => known.studentId))].sort();
  await tx.query('select 1 from student where id = any($1::uuid[]) order by id for update', [students]);
  for (const { row, input, known } of rows) {
    const { certificate: kind, documentType: type, documentNumber, issuedOn, schoolName, majorName } = input;
    const document = type && documentNumber ? { type, number: normaliseDocumentNumber(documentNumber) } : undefined;
    const { studentId, enrolmentId } = known;
    const said = { kind, number: certificateNumberIn(input), name: nameIn(input), document, issuedOn, schoolName, majorName };
    await recordCertificate(tx, deps, by, { ...said, studentId, enrolmentId, importId, row });
  }
  return new Map(rows.map(({ row, known }) => [row, known.studentId]));
}
