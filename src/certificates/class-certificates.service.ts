import { Inject, Injectable } from '@nestjs/common';
import { holds, type Actor, type Office } from '../domain/offices.js';
import { recordExport } from '../dossier/accesses.js';
import type { JobView } from '../jobs/jobs.dto.js';
import { Jobs } from '../jobs/jobs.service.js';
import type { Caller } from '../platform/access/caller.js';
import { OnceOnly, type KeyedRequest } from '../platform/access/idempotency.js';
import { Quotas } from '../platform/access/quotas.js';
import { CLOCK, type Clock } from '../platform/clock.js';
import { FieldCipher } from '../platform/database/field-cipher.js';
import type { Transaction } from '../platform/database/in-scope.js';
import { Problem } from '../platform/http/problem.js';
import { actedBy } from '../platform/ledger/acted-by.js';
import { appendNext } from '../platform/ledger/streams.js';
import type { CertificateClassOfKind } from './certificates.dto.js';
import { IN_ARCHIVE, type OfClass } from './class-jobs.js';

/** Certificates of one archive. */
export const MOST_IN_ARCHIVE = 1000;

const ARCHIVED_STUDENTS = `select c.student_id as id from certificate c ${IN_ARCHIVE} limit $5`;

const ofClass = ({ schoolId, kind, grade, className }: CertificateClassOfKind): OfClass => ({
  schoolId,
  certificate: kind,
  grade,
  className: className ?? null,
});

/** Jobs on the certificates of a whole grade or class: issued, and downloaded as one archive. */
@Injectable()
export class ClassCertificates {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly cipher: FieldCipher,
    private readonly jobs: Jobs,
    private readonly once: OnceOnly,
    private readonly quotas: Quotas,
  ) {}

  /** @throws Problem not-your-office */
  async issue(caller: Caller, keyed: KeyedRequest, body: CertificateClassOfKind): Promise<JobView> {
    const { answer } = await this.once.run(caller, keyed, async (tx, actor) => {
      mustHold(actor, body.schoolId, 'schoolClerk');
      return this.started(tx, actor, body, { kind: 'certificateIssuing', params: ofClass(body), act: 'classCertificatesAsked' });
    });
    return answer;
  }

  /**
   * Each student's read is on record when it is started.
   * @throws Problem not-your-office, not-found, too-many-certificates, daily-limit-reached
   */
  archive(caller: Caller, keyed: KeyedRequest, body: CertificateClassOfKind): Promise<JobView> {
    return this.quotas.telling(caller, async () => {
      const { answer } = await this.once.run(caller, keyed, async (tx, actor) => {
        mustHold(actor, body.schoolId, 'schoolClerk', 'schoolReviewer');
        const total = await this.recorded(tx, caller, body);
        const params = { ...ofClass(body), total };
        return this.started(tx, actor, body, { kind: 'certificateArchive', params, act: 'certificatesExported' });
      });
      return answer;
    });
  }

  /** The job, and on the school's record who asked for it. */
  private async started(
    tx: Transaction,
    actor: Actor,
    { schoolId, kind: certificate }: CertificateClassOfKind,
    { kind, params, act }: { readonly kind: string; readonly params: OfClass & { readonly total?: number }; readonly act: string },
  ): Promise<JobView> {
    const job = await this.jobs.start(tx, actor, { kind, organisationId: schoolId, params });
    const offices = (['schoolClerk', 'schoolReviewer'] as const).map((office) => ({ office, organisationId: schoolId }));
    await tx.query('select 1 from organisation where id = $1 for update', [schoolId]);
    await appendNext(tx, { clock: this.clock, cipher: this.cipher }, 'organisation', schoolId, {
      kind: act,
      by: actedBy(actor, ...offices),
      body: { jobId: job.id, certificate, certificates: params.total },
    });
    return job;
  }

  private async recorded(tx: Transaction, caller: Caller, { schoolId, kind, grade, className }: CertificateClassOfKind): Promise<number> {
    const values = [schoolId, kind, grade, className ?? null, MOST_IN_ARCHIVE + 1];
    const found = await tx.query<{ id: string }[]>(ARCHIVED_STUDENTS, values);
    if (found.length === 0) throw new Problem('not-found');
    if (found.length > MOST_IN_ARCHIVE) throw new Problem('too-many-certificates');
    await this.quotas.spend(tx, caller, 'exports');
    const ids = found.map(({ id }) => id);
    await recordExport(tx, ids, { caller, now: this.clock.now(), quotas: this.quotas });
    return found.length;
  }
}

/** @throws Problem not-your-office */
function mustHold(actor: Actor, schoolId: string, ...offices: readonly Office[]): void {
  if (!offices.some((office) => holds(actor, office, schoolId))) throw new Problem('not-your-office');
}
