import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { recordAccess } from '../dossier/accesses.js';
import { contentOf } from '../evidence/vault.js';
import type { Caller } from '../platform/access/caller.js';
import { Quotas } from '../platform/access/quotas.js';
import { CLOCK, type Clock } from '../platform/clock.js';
import { CONFIG, type Config } from '../platform/config.js';
import { FieldCipher } from '../platform/database/field-cipher.js';
import { beyond, inScope } from '../platform/database/in-scope.js';
import { Problem } from '../platform/http/problem.js';
import { inThread } from '../platform/in-thread.js';
import { saysOf } from './certificates.store.js';
import type { CertificatePages } from './pages.js';
import { signPdf, type PdfSignature } from './signing.js';

const SCRIPT = new URL('./pages.thread.js', import.meta.url);
/** A certificate takes a quarter of a second; a machine with much to do, some. */
const BOUNDS = { milliseconds: 30_000, megabytes: 384 };

/** What the pages of certificates (alias `c`) are made of. */
export const PRINTED = `
  select c.id, c.student_id as "studentId", c.number, to_char(c.issued_on, 'YYYY-MM-DD') as "issuedOn", c.says_cipher as says, e.sha256,
    e.type
  from certificate c left join evidence e on e.id = c.photograph_id`;

const ONE = `${PRINTED} where c.id = $1`;

export interface PrintedRow {
  id: string;
  studentId: string;
  number: string;
  issuedOn: string;
  says: Buffer;
  sha256: string | null;
  type: string | null;
}

export interface PrintedCertificate {
  readonly number: string;
  readonly pdf: Buffer;
}

/** Certificates as PDF: made anew each time from what they say, and the same bytes each time. */
@Injectable()
export class Prints {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
    private readonly cipher: FieldCipher,
    private readonly quotas: Quotas,
  ) {}

  /**
   * A read of the student, on record.
   * @throws Problem not-found, certificate-imported, evidence-file-missing, evidence-file-changed, daily-limit-reached
   */
  async pdf(caller: Caller, id: string): Promise<PrintedCertificate> {
    const row = await this.quotas.telling(caller, () =>
      inScope(this.db, caller, async (tx) => {
        const [seen] = await tx.query<{ studentId: string; imported: boolean }[]>(
          'select student_id as "studentId", import_id is not null as imported from certificate where id = $1',
          [id],
        );
        if (!seen) throw new Problem('not-found');
        if (seen.imported) throw new Problem('certificate-imported');
        await recordAccess(tx, 'certificate', seen.studentId, { caller, now: this.clock.now(), quotas: this.quotas });
        const [found] = await beyond(tx, 'photograph', () => tx.query<PrintedRow[]>(ONE, [id]));
        return found;
      }),
    );
    if (!row) throw new Problem('not-found');
    return { number: row.number, pdf: await this.printedOf(row) };
  }

  async printedOf(row: PrintedRow): Promise<Buffer> {
    return Buffer.from(await inThread<Uint8Array>(SCRIPT, await this.pagesOf(row), BOUNDS));
  }

  async signature(caller: Caller, id: string): Promise<PdfSignature> {
    const { pdf } = await this.pdf(caller, id);
    return signPdf(this.config.certificateKeyFile, pdf);
  }

  /** A picture that is not what it was when the certificate was issued is printed on none. */
  private async pagesOf({ id, says: sealed, sha256, type }: PrintedRow): Promise<CertificatePages> {
    const says = saysOf(this.cipher, id, sealed);
    if (says.photograph === undefined) return { says };
    if (sha256 !== says.photograph || type === null) throw new Problem('evidence-file-changed');
    const content = await contentOf(this.cipher, this.config.dataDir, sha256);
    if (content === 'evidenceMissing') throw new Problem('evidence-file-missing');
    if (content === 'evidenceChanged') throw new Problem('evidence-file-changed');
    return { says, photograph: { content, type } };
  }
}
