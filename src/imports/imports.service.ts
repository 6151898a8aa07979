import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import type { ImportKind } from '../domain/dossier/imported.js';
import { holds, type Actor } from '../domain/offices.js';
import { dateOf } from '../domain/working-days.js';
import { faultyView } from '../intakes/row-checks.js';
import { Jobs } from '../jobs/jobs.service.js';
import { ownAuthority } from '../organisations/own-organisation.js';
import type { Caller } from '../platform/access/caller.js';
import { OnceOnly, type KeyedRequest } from '../platform/access/idempotency.js';
import { Quotas } from '../platform/access/quotas.js';
import { CLOCK, type Clock } from '../platform/clock.js';
import { FieldCipher } from '../platform/database/field-cipher.js';
import { beyond, inScope, type Transaction } from '../platform/database/in-scope.js';
import { Cursors } from '../platform/http/cursor.js';
import { Problem } from '../platform/http/problem.js';
import { actedBy } from '../platform/ledger/acted-by.js';
import { newId } from '../platform/ledger/new-id.js';
import { IMPORT_JOB } from './import-job.js';
import { Import } from './import.entity.js';
import type {
  CheckedImport,
  DecideImport,
  ImportOptions,
  ImportPage,
  ImportQuery,
  ImportRowPage,
  ImportRowQuery,
  ImportView,
} from './imports.dto.js';
import { keepRows, recordImportAct } from './imports.store.js';
import { importView, LIST_OF_IMPORTS, oneImport, rowsOfImport, type ImportedRow } from './imports.views.js';
import { isKnown, judgeImportRows, type FreshRow, type JudgedRow, type RowKnown } from './judging.js';
import { faultAt, isFaultyRead, readRows, type FaultyRead } from './row-reading.js';

export interface GivenRow {
  readonly row: number;
  readonly says: unknown;
}

/** 导入: an authority brings in what predates the system; a second person of it signs off before anything becomes a dossier. */
@Injectable()
export class Imports {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(CLOCK) readonly clock: Clock,
    readonly cipher: FieldCipher,
    private readonly once: OnceOnly,
    private readonly cursors: Cursors,
    private readonly quotas: Quotas,
    private readonly jobs: Jobs,
  ) {}

  /** Checks a list, and keeps what is clean or held in it for the sign-off. @throws Problem not-your-office, nothing-to-import */
  async handIn(caller: Caller, keyed: KeyedRequest, options: ImportOptions, given: readonly GivenRow[]): Promise<CheckedImport> {
    const { kind, dryRun } = options;
    const authorityId = ownAuthority(caller, options.authorityId);
    if (dryRun) return this.check(caller, options, given);
    const { answer } = await this.quotas.telling(caller, () =>
      this.once.run(caller, keyed, async (tx, actor) => {
        ownAuthority(actor, authorityId);
        const judged = await this.judged(tx, kind, authorityId, given);
        const told = judged.filter(isTelling).length;
        if (told > 0) await this.quotas.spend(tx, caller, 'possibleDuplicates', told);
        const kept = judged.filter((one): one is FreshRow<ImportKind> | RowKnown<ImportKind> => !isFaultyRead(one));
        if (kept.every(isKnown)) return checked(judged, null);
        const id = await this.open(tx, actor, { kind, authorityId });
        await keepRows(tx, this.cipher, id, kept);
        const counts = { rows: kept.length, held: kept.filter(isHeld).length, known: kept.filter(isKnown).length };
        await recordImportAct(tx, this, id, {
          kind: 'handedIn',
          key: 'handedIn',
          by: reviewerOf(actor, authorityId),
          body: { list: kind, ...counts },
        });
        return checked(judged, importView(await oneImport(tx, id)));
      }),
    );
    return answer;
  }

  /** The same, and nothing is written but how often the caller was told that somebody may be on record. */
  async check(caller: Caller, options: ImportOptions, given: readonly GivenRow[]): Promise<CheckedImport> {
    const authorityId = ownAuthority(caller, options.authorityId);
    const judged = await inScope(this.db, caller, (tx) => this.judged(tx, options.kind, authorityId, given));
    const told = judged.filter(isTelling).length;
    if (told > 0) await this.quotas.spendNow(caller, 'possibleDuplicates', told);
    return checked(judged, null);
  }

  /**
   * 审核: a second reviewer of the authority signs the list off, or rejects it. What was held is judged again when it is applied. A list
   * whose job has failed is signed off once more, and goes on where it stood.
   * @throws Problem not-found, not-your-office, separation-of-duties, import-decided
   */
  async decide(caller: Caller, keyed: KeyedRequest, id: string, decision: DecideImport): Promise<ImportView> {
    const { answer } = await this.once.run(caller, keyed, async (tx, actor) => {
      await tx.query('select 1 from import where id = $1 for update', [id]);
      const one = await oneImport(tx, id);
      const { authorityId, handedInBy } = one;
      if (!holds(actor, 'authorityReviewer', authorityId)) throw new Problem('not-your-office');
      if (handedInBy.id === actor.personId) throw new Problem('separation-of-duties');
      const isStuck = decision.verdict === 'approve' && one.verdict === 'approve' && one.finishedAt === null && !(await isRunning(tx, id));
      if (one.verdict !== null && !isStuck) throw new Problem('import-decided');
      if (!isStuck) await this.recordDecision(tx, actor, one, decision);
      if (decision.verdict === 'approve')
        await this.jobs.start(tx, actor, { kind: IMPORT_JOB, organisationId: authorityId, params: { importId: id } });
      return importView(await oneImport(tx, id));
    });
    return answer;
  }

  private async recordDecision(
    tx: Transaction,
    actor: Actor,
    { id, authorityId }: ImportedRow,
    { verdict, opinion }: DecideImport,
  ): Promise<void> {
    const values = [id, verdict, actor.personId, new Date(this.clock.now())];
    await tx.query('update import set verdict = $2, decided_by = $3, decided_at = $4 where id = $1', values);
    if (verdict === 'approve')
      await tx.query(`update import_row set state = 'waiting', cause = null where import_id = $1 and state = 'held'`, [id]);
    else await tx.query('update import_row set says_cipher = null where import_id = $1', [id]);
    await recordImportAct(tx, this, id, {
      kind: verdict === 'approve' ? 'approved' : 'rejected',
      key: 'decided',
      by: reviewerOf(actor, authorityId),
      body: { verdict },
      texts: { opinion },
    });
  }

  list(caller: Caller, { kind, cursor, limit }: ImportQuery): Promise<ImportPage> {
    const [before = null] = this.cursors.read('imports', cursor) ?? [];
    return inScope(this.db, caller, async (tx) => {
      const rows = await tx.query<ImportedRow[]>(LIST_OF_IMPORTS, [kind ?? null, before, limit + 1]);
      const page = this.cursors.page('imports', rows, limit, ({ id }) => [id]);
      return { ...page, items: page.items.map(importView) };
    });
  }

  show(caller: Caller, id: string): Promise<ImportView> {
    return inScope(this.db, caller, async (tx) => importView(await oneImport(tx, id)));
  }

  rows(caller: Caller, id: string, { state, cursor, limit }: ImportRowQuery): Promise<ImportRowPage> {
    const list = `rows of ${id}`;
    const [after = '0'] = this.cursors.read(list, cursor) ?? [];
    return inScope(this.db, caller, async (tx) => {
      await oneImport(tx, id);
      const rows = await rowsOfImport(tx, [id, Number(after), state ?? null, limit + 1]);
      return this.cursors.page(list, rows, limit, ({ row }) => [String(row)]);
    });
  }

  private judged(tx: Transaction, kind: ImportKind, authorityId: string, given: readonly GivenRow[]): Promise<JudgedRow<ImportKind>[]> {
    const today = dateOf(this.clock.now());
    return beyond(tx, 'registration', () =>
      judgeImportRows({ tx, cipher: this.cipher, authorityId, today }, kind, readRows(kind, given, today)),
    );
  }

  private async open(tx: Transaction, actor: Actor, { kind, authorityId }: { kind: ImportKind; authorityId: string }): Promise<string> {
    const id = newId();
    const nobody = { verdict: null, decidedBy: null, decidedAt: null, finishedAt: null, lastSeq: 0 };
    const handedInAt = new Date(this.clock.now());
    await tx.of(Import).insert({ id, kind, authorityId, handedInBy: actor.personId, handedInAt, ...nobody });
    return id;
  }
}

const RUNNING = `select 1 from job where kind = $2 and params ->> 'importId' = $1::text and state = 'running'`;
const isRunning = async (tx: Transaction, id: string): Promise<boolean> =>
  (await beyond(tx, 'registration', () => tx.query<unknown[]>(RUNNING, [id, IMPORT_JOB]))).length > 0;

const reviewerOf = (actor: Actor, organisationId: string) => actedBy(actor, { office: 'authorityReviewer', organisationId });

const isHeld = (one: JudgedRow<ImportKind>): one is FreshRow<ImportKind> & Required<Pick<FreshRow<ImportKind>, 'held'>> =>
  !isFaultyRead(one) && !isKnown(one) && one.held !== undefined;
/** Rows whose answer tells that somebody is on record: they count towards the day. */
const isTelling = isHeld;

function checked(judged: readonly JudgedRow<ImportKind>[], made: ImportView | null): CheckedImport {
  const faulty: FaultyRead[] = judged.filter(isFaultyRead);
  const held = judged.filter(isHeld).map(({ row, held: { code, pointer } }) => ({ row, faults: [faultAt(code, pointer)] }));
  const known = judged.filter((one) => !isFaultyRead(one) && isKnown(one)).length;
  return {
    import: made,
    rows: judged.length,
    clean: judged.length - faulty.length - held.length - known,
    known,
    held: held.map(faultyView),
    faulty: faulty.map(faultyView),
  };
}
