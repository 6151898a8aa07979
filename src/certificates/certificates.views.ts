import { ORGANISATION_NAME } from '../organisations/organisations.store.js';
import { isoIfAny, isoInShanghai } from '../platform/clock.js';
import type { Transaction } from '../platform/database/in-scope.js';
import { Problem } from '../platform/http/problem.js';
import type { CertificateView } from './certificates.dto.js';

export interface CertificateRow extends Omit<CertificateView, 'issuedAt' | 'endedAt'> {
  readonly issuedAt: Date;
  readonly endedAt: Date | null;
}

/** Certificates (alias `c`) as far as the scope sees them. */
export const CERTIFICATE_ROWS = `
  select c.id, c.kind, c.state, c.number, c.student_id as "studentId", s.masked_name as "maskedName", ${ORGANISATION_NAME('o')} as school,
    ${ORGANISATION_NAME('i')} as issuer, to_char(c.issued_on, 'YYYY-MM-DD') as "issuedOn", c.issued_at as "issuedAt",
    to_char(c.handed_over_on, 'YYYY-MM-DD') as "handedOverOn", c.ended_at as "endedAt", c.says_sha256 as "saysSha256",
    c.import_id is not null as imported
  from certificate c join student s on s.id = c.student_id join organisation o on o.id = c.school_id join organisation i
    on i.id = c.issuer_id`;

export const certificateView = ({ issuedAt, endedAt, ...row }: CertificateRow): CertificateView => ({
  ...row,
  issuedAt: isoInShanghai(issuedAt.getTime()),
  endedAt: isoIfAny(endedAt),
});

const ONE = `${CERTIFICATE_ROWS} where c.id = $1`;

/** @throws Problem not-found */
export async function certificateShown(tx: Transaction, id: string): Promise<CertificateView> {
  const [row] = await tx.query<CertificateRow[]>(ONE, [id]);
  if (!row) throw new Problem('not-found');
  return certificateView(row);
}
