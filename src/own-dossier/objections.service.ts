import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { CaseContext } from '../cases/case-context.js';
import { lockCases, record } from '../cases/cases.store.js';
import { recordAccess } from '../dossier/accesses.js';
import { Quotas } from '../platform/access/quotas.js';
import type { Caller, StudentCaller } from '../platform/access/caller.js';
import { inScope, type Transaction } from '../platform/database/in-scope.js';
import { Problem } from '../platform/http/problem.js';
import { appendNext } from '../platform/ledger/streams.js';
import { latestOf } from './latest-enrolment.js';
import { objectionsOf } from './objections.store.js';
import type { ObjectionList, ObjectionNoted, OwnObjection } from './own-dossier.dto.js';
import { keepersOf } from './own-dossier.store.js';

/** Objections of a student in one day: nobody reads more. */
const A_DAY = 10;
const DAY = 24 * 3_600_000;

const SAID = `
  select count(*)::int as n from act a where a.at > $2 and a.person_id is null and (a.stream_id = $1 and a.kind = 'dossierObjected'
    or a.kind = 'objected' and a.stream_id in (select id from change_request where student_id = $1))`;

/** What a student or guardian says by an own session (A21). Its acts name no person, because no office spoke. */
@Injectable()
export class Objections {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly context: CaseContext,
    private readonly quotas: Quotas,
  ) {}

  /** What was objected, for those who keep the dossier. @throws Problem not-found, daily-limit-reached */
  list(caller: Caller, studentId: string): Promise<ObjectionList> {
    return this.quotas.telling(caller, () =>
      inScope(this.db, caller, async (tx) => {
        await latestOf(tx, caller, studentId);
        await recordAccess(tx, 'student', studentId, { caller, now: this.context.clock.now(), quotas: this.quotas });
        return { items: await objectionsOf(tx, this.context.cipher, studentId) };
      }),
    );
  }

  /** @throws Problem not-found for a request of another student; request-closed; too-many-requests */
  note({ studentId, holder }: StudentCaller, { requestId, objection }: OwnObjection): Promise<ObjectionNoted> {
    return inScope(this.db, 'system', async (tx) => {
      const about = await this.openCases(tx, studentId, requestId);
      // Cases before the student, as everywhere.
      const cases = await lockCases(tx, about);
      await tx.query('select 1 from student where id = $1 for update', [studentId]);
      await this.mustBeFew(tx, studentId);
      const open = cases.filter(({ state }) => !state.closed && !state.ending);
      if (requestId !== undefined && open.length === 0) throw new Problem('request-closed');
      for (const one of open) await record(tx, this.context, one, { kind: 'objected', objector: holder }, { texts: { objection } });
      if (open.length === 0) await this.noteInDossier(tx, studentId, holder, objection);
      return { requestIds: open.map(({ request }) => request.id) };
    });
  }

  private async openCases(tx: Transaction, studentId: string, requestId: string | undefined): Promise<string[]> {
    const rows = await tx.query<{ id: string; state: string }[]>(
      `select id, state from change_request where student_id = $1 and ($2::uuid is null and state = 'open' or id = $2) order by id`,
      [studentId, requestId ?? null],
    );
    if (requestId !== undefined && rows.length === 0) throw new Problem('not-found');
    return rows.map(({ id }) => id);
  }

  private async mustBeFew(tx: Transaction, studentId: string): Promise<void> {
    const [said] = await tx.query<{ n: number }[]>(SAID, [studentId, new Date(this.context.clock.now() - DAY)]);
    if ((said?.n ?? 0) >= A_DAY) throw new Problem('too-many-requests', { retryAfterSeconds: DAY / 1000 });
  }

  /** Where no request is open: a note in the student's stream, of which school and authority are told. */
  private async noteInDossier(tx: Transaction, studentId: string, objector: string, objection: string): Promise<void> {
    const keepers = await keepersOf(tx, studentId);
    if (!keepers) throw new Problem('not-found');
    await appendNext(tx, this.context, 'student', studentId, {
      kind: 'dossierObjected',
      body: { objector, ...keepers },
      texts: { objection },
    });
  }
}
