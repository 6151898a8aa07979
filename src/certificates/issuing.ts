import { NATIONAL_NUMBERS } from '../domain/dossier/certificate-number.js';
import type { Actor } from '../domain/offices.js';
import type { Transaction } from '../platform/database/in-scope.js';
import { refuseBlocked } from '../platform/http/problem.js';
import { actedBy } from '../platform/ledger/acted-by.js';
import { appendNext } from '../platform/ledger/streams.js';
import { nextNumber } from './certificates.store.js';
import { keepCertificate } from './keeping.js';
import { prepareCertificate, type CertificateAsked, type CertificateDeps, type PreparedCertificate } from './preparing.js';

/**
 * Issues a certificate: takes its number, freezes what it says, and appends the act. The caller opened the transaction. Returns its id.
 * @throws Problem as the first blocker, naming all; not-found, not-your-office, photograph-not-usable
 */
export async function issueCertificate(tx: Transaction, deps: CertificateDeps, actor: Actor, asked: CertificateAsked): Promise<string> {
  const { kind, studentId, loss } = asked;
  await tx.query('select 1 from student where id = $1 for update', [studentId]);
  const prepared = await prepareCertificate(tx, deps, actor, asked);
  refuseBlocked(prepared.blockers);
  const { says, office, enrolmentId, photograph } = prepared;
  const evidenceDigests = photograph && { [photograph.id]: photograph.sha256 };
  const { id, number } = await writeCertificate(tx, deps, actor, studentId, prepared);
  await appendNext(tx, deps, 'student', studentId, {
    kind: 'certificateIssued',
    by: actedBy(actor, { office, organisationId: says.issuer.id }),
    body: { certificateId: id, certificate: kind, number, enrolmentId, lossDeclaredOn: loss?.declaredOn, evidenceDigests },
    texts: loss ? { statement: loss.statement } : undefined,
  });
  return id;
}

async function writeCertificate(
  tx: Transaction,
  deps: CertificateDeps,
  actor: Actor,
  studentId: string,
  { says, photograph, divisionCode, office, enrolmentId }: PreparedCertificate,
): Promise<{ id: string; number: string }> {
  const { kind, issuedOn } = says;
  const toNumber = { kind, divisionCode, year: Number(issuedOn.slice(0, 4)) };
  const number = await nextNumber(tx, NATIONAL_NUMBERS.series(toNumber), (sequence) => NATIONAL_NUMBERS.number(toNumber, sequence));
  const row = { studentId, enrolmentId, photographId: photograph?.id ?? null, issuedBy: actor.personId, office };
  const id = await keepCertificate(tx, deps, { ...says, number }, { ...row, handedOverOn: null, importId: null });
  return { id, number };
}
