import { majorsInForce } from '../code-sets/catalogues.store.js';
import type { EnrolmentState } from '../domain/dossier/dossier.js';
import { CERTIFICATES } from '../domain/dossier/certificate.js';
import { documentKey, normaliseDocumentNumber } from '../domain/dossier/id-document.js';
import { FIELD_FAULTS } from '../domain/messages/field-faults.js';
import type { FieldCipher } from '../platform/database/field-cipher.js';
import type { ImportedCertificate } from './import-rows.dto.js';
import type { Applicable, EnrolmentKnown, Judging } from './judged.js';
import { faultAt, nameIn, numberIn, type FaultyRead, type FitRow } from './row-reading.js';

interface Found extends EnrolmentKnown {
  readonly number: string;
  readonly name: string;
  /** The present document and the former ones. */
  readonly documents: readonly string[];
  readonly state: EnrolmentState;
  readonly enrolledOn: string;
  readonly majorCode: string | null;
  /** The kinds of certificate that stand for it. */
  readonly issued: readonly string[];
}

/** Students of the authority ($2) by their numbers ($1), each with the enrolments at its schools. All of a person are digests. */
const ENROLMENTS = `
  select s.id as "studentId", encode(s.number_index, 'hex') as number, encode(s.name_index, 'hex') as name, e.id as "enrolmentId",
    e.school_id as "schoolId", e.state, to_char(e.enrolled_on, 'YYYY-MM-DD') as "enrolledOn",
    e.major_code as "majorCode",
    array(select encode(d, 'hex') from (select s.document_index as d union select f.document_index from former_document f
      where f.student_id = s.id) x) as documents,
    array(select c.kind from certificate c where c.enrolment_id = e.id and c.state not in ('void', 'revoked')) as issued
  from student s join enrolment e on e.student_id = s.id join organisation o on o.id = e.school_id
  where s.number_index in (select decode(unnest($1::text[]), 'hex')) and $2::uuid = any(o.ancestors)
  order by e.valid_from desc`;

const TAKEN = 'select number from certificate where number = any($1::text[])';

export const certificateNumberIn = ({ certificateNumber }: ImportedCertificate): string => normaliseDocumentNumber(certificateNumber);

/** Judges certificates: whose they are, whether that study ended so, and that neither the number nor the certificate is there already. */
export async function judgeCertificates(
  judging: Judging,
  rows: readonly FitRow<'certificates'>[],
): Promise<(Applicable<'certificates'> | FaultyRead)[]> {
  const { tx, cipher, authorityId } = judging;
  const numbers = rows.map(({ input }) => cipher.index('studentNumber', numberIn(input)).toString('hex'));
  const enrolments = await tx.query<Found[]>(ENROLMENTS, [[...new Set(numbers)], authorityId]);
  const taken = await tx.query<{ number: string }[]>(TAKEN, [rows.map(({ input }) => certificateNumberIn(input))]);
  const known = new Set(taken.map(({ number }) => number));
  const majors = await majorsInForce(tx);
  return rows.map((one, nth) => {
    const { row, input } = one;
    const own = enrolments.filter((found) => found.number === numbers[nth] && isTheirs(cipher, input, found));
    if (own.length === 0) return { row, faults: [faultAt('imported-student-unknown', '/studentNumber')] };
    const ended = own.filter(({ state, enrolledOn }) => state === CERTIFICATES[input.certificate].of && enrolledOn < input.issuedOn);
    const found = ended.find(({ issued }) => !issued.includes(input.certificate));
    if (ended.length === 0) return { row, faults: [faultAt('imported-state-differs', '/certificate')] };
    if (!found) return { row, faults: [faultAt('certificate-issued', '/certificate')] };
    if (known.has(certificateNumberIn(input))) return { row, faults: [faultAt('certificate-number-taken', '/certificateNumber')] };
    if (input.majorName === undefined && !majors.has(found.majorCode ?? ''))
      return { row, faults: [faultAt('invalid-input', '/majorName', FIELD_FAULTS.missing)] };
    const { studentId, enrolmentId, schoolId } = found;
    return { ...one, known: { studentId, enrolmentId, schoolId } };
  });
}

/** The document on the paper is a present or a former one. Where it is told, the name may be a former one. */
function isTheirs(cipher: FieldCipher, input: ImportedCertificate, { name, documents }: Found): boolean {
  const { documentType: type, documentNumber: number } = input;
  if (type === undefined || number === undefined) return cipher.index('name', nameIn(input)).toString('hex') === name;
  return documents.includes(cipher.index('document', documentKey({ type, number })).toString('hex'));
}
