import { contentOf } from '../evidence/vault.js';
import type { FieldCipher } from '../platform/database/field-cipher.js';
import { Problem } from '../platform/http/problem.js';
import { inThread } from '../platform/in-thread.js';
import { saysOf } from './certificates.store.js';
import type { CertificatePages } from './pages.js';

const SCRIPT = new URL('./pages.thread.js', import.meta.url);
/** A certificate takes a quarter of a second; a machine with much to do, some. */
const BOUNDS = { milliseconds: 30_000, megabytes: 384 };

/** What the pages of certificates (alias `c`) are made of. */
export const PRINTED = `
  select c.id, c.student_id as "studentId", c.number, to_char(c.issued_on, 'YYYY-MM-DD') as "issuedOn", c.says_cipher as says, e.sha256,
    e.type
  from certificate c left join evidence e on e.id = c.photograph_id`;

export interface PrintedRow {
  id: string;
  studentId: string;
  number: string;
  issuedOn: string;
  says: Buffer;
  sha256: string | null;
  type: string | null;
}

/** Where the words and the pictures of certificates are kept. */
export interface PrintDeps {
  readonly cipher: FieldCipher;
  readonly dataDir: string;
}

/** A certificate as PDF, in a thread. @throws Problem evidence-file-missing, evidence-file-changed */
export async function printedOf(deps: PrintDeps, row: PrintedRow): Promise<Buffer> {
  return Buffer.from(await inThread<Uint8Array>(SCRIPT, await pagesOf(deps, row), BOUNDS));
}

/** A picture that is not what it was when the certificate was issued is printed on none. */
async function pagesOf({ cipher, dataDir }: PrintDeps, { id, says: sealed, sha256, type }: PrintedRow): Promise<CertificatePages> {
  const says = saysOf(cipher, id, sealed);
  if (says.photograph === undefined) return { says };
  if (sha256 !== says.photograph || type === null) throw new Problem('evidence-file-changed');
  const content = await contentOf(cipher, dataDir, sha256);
  if (content === 'evidenceMissing') throw new Problem('evidence-file-missing');
  if (content === 'evidenceChanged') throw new Problem('evidence-file-changed');
  return { says, photograph: { content, type } };
}
