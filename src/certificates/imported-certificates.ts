import { majorsInForce } from '../code-sets/catalogues.store.js';
import type { CertificateSays } from '../domain/dossier/certificate.js';
import { dateOf } from '../domain/working-days.js';
import { presentIdentity } from '../dossier/personal.store.js';
import type { Transaction } from '../platform/database/in-scope.js';
import type { Signature } from '../platform/ledger/acted-by.js';
import { appendNext, type LedgerDeps } from '../platform/ledger/streams.js';
import { certifiedEnrolment } from './certified.store.js';
import { keepCertificate } from './keeping.js';

/** A certificate that was issued on paper before this system, as the paper says. */
export interface CertificateOnPaper {
  readonly kind: 'graduation' | 'completion';
  readonly number: string;
  readonly studentId: string;
  readonly enrolmentId: string;
  readonly name: string;
  /** The document on it; by default that of the dossier. */
  readonly document?: { readonly type: string; readonly number: string };
  readonly issuedOn: string;
  /** The school and the major as they were called then; by default as now. */
  readonly schoolName?: string;
  readonly majorName?: string;
  readonly importId: string;
  readonly row: number;
}

/**
 * Puts a certificate on record that others issued, under its own number. It is verified as every other, and its attestation says what it
 * said. It counts as handed over, so nobody voids it. The caller holds the student's row.
 */
export async function recordCertificate(tx: Transaction, deps: LedgerDeps, by: Signature, paper: CertificateOnPaper): Promise<void> {
  const { studentId, enrolmentId, importId, row, kind, number, issuedOn } = paper;
  const said = await saidOn(tx, deps, paper);
  const signed = { photographId: null, issuedBy: by.personId, office: by.office };
  const id = await keepCertificate(tx, deps, said, { studentId, enrolmentId, ...signed, handedOverOn: issuedOn, importId });
  await appendNext(tx, deps, 'student', studentId, {
    kind: 'certificateImported',
    key: `imported:${importId}/${row}`,
    by,
    body: { importId, row, certificateId: id, certificate: kind, number, enrolmentId },
  });
}

async function saidOn(
  tx: Transaction,
  deps: LedgerDeps,
  paper: CertificateOnPaper,
): Promise<Omit<CertificateSays, 'certificateId' | 'salt'>> {
  const { studentId, kind, number, name, document, issuedOn, schoolName, majorName } = paper;
  const identity = await presentIdentity(tx, deps.cipher, studentId);
  const enrolment = await certifiedEnrolment(tx, studentId, kind, dateOf(deps.clock.now()));
  if (!identity || !enrolment) throw new Error(`the certificate of student ${studentId} was judged`);
  const { enrolledOn, leftOn, expectedLeavingOn, since, majorDirection, lengthYears, studyMode, school } = enrolment;
  const majorCode = enrolment.majorCode ?? '';
  const named = { ...school, name: schoolName ?? school.name };
  const { type: documentType, number: documentNumber } = document ?? { type: identity.documentType, number: identity.documentNumber };
  return {
    kind,
    number,
    language: 'zh',
    name,
    sex: identity.sex,
    birthDate: identity.birthDate,
    documentType,
    documentNumber,
    studentNumber: identity.studentNumber,
    enrolledOn,
    leftOn,
    expectedLeavingOn,
    majorCode,
    major: majorName ?? (await majorsInForce(tx)).get(majorCode)?.zh ?? '',
    majorDirection,
    lengthYears,
    studyMode,
    school: named,
    issuer: named,
    since,
    issuedOn,
    verifyAt: '',
  };
}
