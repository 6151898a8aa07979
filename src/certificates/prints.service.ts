import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { recordAccess } from '../dossier/accesses.js';
import type { Caller, StudentCaller } from '../platform/access/caller.js';
import { Quotas } from '../platform/access/quotas.js';
import { CLOCK, type Clock } from '../platform/clock.js';
import { CONFIG, type Config } from '../platform/config.js';
import { FieldCipher } from '../platform/database/field-cipher.js';
import { beyond, inScope } from '../platform/database/in-scope.js';
import { Problem } from '../platform/http/problem.js';
import { PRINTED, printedOf, type PrintedRow } from './printed.js';
import { signPdf, type PdfSignature } from './signing.js';

const ONE = `${PRINTED} where c.id = $1`;

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
    return { number: row.number, pdf: await printedOf({ cipher: this.cipher, dataDir: this.config.dataDir }, row) };
  }

  /**
   * The student's own certificate that is in force, by its number. Nobody of an office reads, so nothing is put on record.
   * @throws Problem not-found, certificate-imported, certificate-not-in-force, evidence-file-missing, evidence-file-changed
   */
  async ownPdf({ studentId }: StudentCaller, number: string): Promise<PrintedCertificate> {
    const row = await inScope(this.db, { studentId }, async (tx) => {
      const [seen] = await tx.query<{ id: string; state: string; imported: boolean }[]>(
        'select id, state, import_id is not null as imported from certificate where student_id = $1 and number = $2',
        [studentId, number],
      );
      if (!seen) throw new Problem('not-found');
      if (seen.imported) throw new Problem('certificate-imported');
      if (seen.state !== 'issued') throw new Problem('certificate-not-in-force');
      const [found] = await beyond(tx, 'photograph', () => tx.query<PrintedRow[]>(ONE, [seen.id]));
      return found;
    });
    if (!row) throw new Problem('not-found');
    return { number: row.number, pdf: await printedOf({ cipher: this.cipher, dataDir: this.config.dataDir }, row) };
  }

  async signature(caller: Caller, id: string): Promise<PdfSignature> {
    const { pdf } = await this.pdf(caller, id);
    return signPdf(this.config.certificateKeyFile, pdf);
  }
}
