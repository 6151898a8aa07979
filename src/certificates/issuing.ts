import { randomBytes } from 'node:crypto';
import type { CertificateSays } from '../domain/dossier/certificate.js';
import { NATIONAL_NUMBERS } from '../domain/dossier/certificate-number.js';
import type { Actor } from '../domain/offices.js';
import { sha256Of } from '../evidence/vault.js';
import type { Transaction } from '../platform/database/in-scope.js';
import { refuseBlocked } from '../platform/http/problem.js';
import { actedBy } from '../platform/ledger/acted-by.js';
import { canonical } from '../platform/ledger/chain.js';
import { newId } from '../platform/ledger/new-id.js';
import { appendNext } from '../platform/ledger/streams.js';
import { Certificate } from './certificate.entity.js';
import { nextNumber, saysPlace } from './certificates.store.js';
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
  { clock, cipher }: CertificateDeps,
  actor: Actor,
  studentId: string,
  { says, photograph, divisionCode, office, enrolmentId }: PreparedCertificate,
): Promise<{ id: string; number: string }> {
  const { kind, issuedOn } = says;
  const toNumber = { kind, divisionCode, year: Number(issuedOn.slice(0, 4)) };
  const number = await nextNumber(tx, NATIONAL_NUMBERS.series(toNumber), (sequence) => NATIONAL_NUMBERS.number(toNumber, sequence));
  const id = newId();
  const whole: CertificateSays = { ...says, certificateId: id, number, salt: randomBytes(16).toString('hex') };
  const text = canonical(JSON.parse(JSON.stringify(whole)));
  await tx.of(Certificate).insert({
    id,
    kind,
    state: 'issued',
    number,
    studentId,
    enrolmentId,
    schoolId: says.school.id,
    issuerId: says.issuer.id,
    issuedOn,
    saysCipher: cipher.encrypt(text, saysPlace(id)),
    saysSha256: sha256Of(Buffer.from(text)),
    photographId: photograph?.id ?? null,
    issuedBy: actor.personId,
    office,
    issuedAt: new Date(clock.now()),
    handedOverOn: null,
    endedAt: null,
    importId: null,
  });
  return { id, number };
}
