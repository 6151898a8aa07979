import { PassThrough, type Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { holds, type Actor } from '../domain/offices.js';
import { recordExport } from '../dossier/accesses.js';
import type { Caller } from '../platform/access/caller.js';
import { OnceOnly, type KeyedRequest } from '../platform/access/idempotency.js';
import { Quotas } from '../platform/access/quotas.js';
import { CLOCK, type Clock } from '../platform/clock.js';
import { FieldCipher } from '../platform/database/field-cipher.js';
import { majorsInForce } from '../code-sets/catalogues.store.js';
import { inScope, type Transaction } from '../platform/database/in-scope.js';
import { Problem } from '../platform/http/problem.js';
import { actedBy } from '../platform/ledger/acted-by.js';
import { newId } from '../platform/ledger/new-id.js';
import { appendNext } from '../platform/ledger/streams.js';
import type { StudentExport } from './exports.dto.js';
import { Finding } from './finding.service.js';

/** Students of one file: the largest schools have some five thousand. */
export const MOST_EXPORTED = 5000;
/** Students read and written at a time. */
const AT_A_TIME = 500;

/** The list of the own school as a file 导出名单: an act of a person with a reason, and a read of each student in it. */
@Injectable()
export class Exports {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly finding: Finding,
    private readonly once: OnceOnly,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly cipher: FieldCipher,
    private readonly quotas: Quotas,
  ) {}

  /** The file, while it is being written. @throws Problem list-too-long, answer-not-kept, daily-limit-reached */
  async file(caller: Caller, keyed: KeyedRequest, asked: StudentExport): Promise<Readable> {
    let enrolmentIds: string[] = [];
    const { replayed } = await this.quotas.telling(caller, () =>
      this.once.run(caller, keyed, async (tx, actor) => {
        const students = await this.recorded(tx, { caller, actor, asked });
        enrolmentIds = students.map(({ enrolmentId }) => enrolmentId);
        return { students: students.length };
      }),
    );
    if (replayed) throw new Problem('answer-not-kept');
    const file = new PassThrough();
    void this.written(caller, enrolmentIds, file).catch((error: Error) => file.destroy(error));
    return file;
  }

  private async recorded(
    tx: Transaction,
    { caller, actor, asked: { reason, ...filter } }: { caller: Caller; actor: Actor; asked: StudentExport },
  ): Promise<{ id: string; enrolmentId: string }[]> {
    const { schoolId } = filter;
    const offices = ['schoolClerk', 'schoolReviewer'] as const;
    if (!offices.some((office) => holds(actor, office, schoolId))) throw new Problem('not-your-office');
    const students = await this.finding.allOf(tx, actor, filter, MOST_EXPORTED);
    if (students.length > MOST_EXPORTED) throw new Problem('list-too-long');
    await this.quotas.spend(tx, caller, 'exports');
    const ids = students.map(({ id }) => id);
    if (ids.length > 0) await recordExport(tx, ids, { caller, now: this.clock.now(), quotas: this.quotas });
    await tx.query('select 1 from organisation where id = $1 for update', [schoolId]);
    await appendNext(tx, { clock: this.clock, cipher: this.cipher }, 'organisation', schoolId, {
      kind: 'studentsExported',
      by: actedBy(actor, ...offices.map((office) => ({ office, organisationId: schoolId }))),
      body: { exportId: newId(), students: students.length },
      texts: { reason, filter: JSON.stringify(filter) },
    });
    return students;
  }

  /** Page by page, so that no list stands in memory whole. The reader may go away meanwhile. */
  private async written(caller: Caller, enrolmentIds: readonly string[], file: PassThrough): Promise<void> {
    // Loaded when first asked for: workbooks would weigh on every process.
    const { StudentWorkbook } = await import('./exports-workbook.js');
    const book = new StudentWorkbook(file, await inScope(this.db, caller, majorsInForce));
    for (let at = 0; at < enrolmentIds.length && !file.destroyed; at += AT_A_TIME)
      book.add(await this.finding.listed(caller, enrolmentIds.slice(at, at + AT_A_TIME)));
    await book.end();
  }
}
