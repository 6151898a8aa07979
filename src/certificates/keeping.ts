import { randomBytes } from 'node:crypto';
import type { CertificateSays } from '../domain/dossier/certificate.js';
import { sha256Of } from '../evidence/vault.js';
import type { Transaction } from '../platform/database/in-scope.js';
import { canonical } from '../platform/ledger/chain.js';
import { newId } from '../platform/ledger/new-id.js';
import type { LedgerDeps } from '../platform/ledger/streams.js';
import { Certificate } from './certificate.entity.js';
import { saysPlace } from './certificates.store.js';

/** What a row says of a certificate beside what is printed on it. */
type OfRow = Pick<Certificate, 'studentId' | 'enrolmentId' | 'photographId' | 'issuedBy' | 'office' | 'handedOverOn' | 'importId'>;

/** Freezes what a certificate says, under an id of its own, and writes its row. Returns the id. */
export async function keepCertificate(
  tx: Transaction,
  { clock, cipher }: LedgerDeps,
  said: Omit<CertificateSays, 'certificateId' | 'salt'>,
  row: OfRow,
): Promise<string> {
  const id = newId();
  const says: CertificateSays = { ...said, certificateId: id, salt: randomBytes(16).toString('hex') };
  const text = canonical(JSON.parse(JSON.stringify(says)));
  await tx.of(Certificate).insert({
    ...row,
    id,
    kind: says.kind,
    state: 'issued',
    number: says.number,
    schoolId: says.school.id,
    issuerId: says.issuer.id,
    issuedOn: says.issuedOn,
    saysCipher: cipher.encrypt(text, saysPlace(id)),
    saysSha256: sha256Of(Buffer.from(text)),
    issuedAt: new Date(clock.now()),
    endedAt: null,
  });
  return id;
}
