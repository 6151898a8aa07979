import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { underAdvisoryLock } from '../platform/database/advisory-lock.js';
import { inScope, isOutage, type Transaction } from '../platform/database/in-scope.js';
import { LOCKS } from '../platform/database/locks.js';
import type { Act } from '../domain/case/acts.js';
import type { WorkingCalendars } from '../domain/working-days.js';
import { readStreams } from '../platform/ledger/streams.js';
import { noteIncident, noteIncidentIn } from './incidents.js';
import { asAct, lockCase, type CaseDeps } from './cases.store.js';
import { findDiffering, expectedOf, restoreRows } from './drift.js';
import { historyOf, type CaseHistory } from './rows.js';

export interface CheckDeps extends CaseDeps {
  readonly db: DataSource;
  readonly log: Logger;
}

/** The result of a pass. */
export interface Checked {
  readonly compared: number;
  /** That differed at the first look, without a lock: an act may have come in between. */
  readonly doubted: number;
  /** That differed under the lock. */
  readonly differed: number;
}

interface Row {
  readonly id: string;
  readonly number: string;
  readonly lastSeq: number;
}

const PAGE = 'select id, number, last_seq as "lastSeq" from change_request where id > $1 order by id limit $2';
/** Before every id. */
const FIRST = '00000000-0000-0000-0000-000000000000';
/** A round over few requests rests until so long after it began. */
const ROUND = 60_000;
const NOTHING: Checked = { compared: 0, doubted: 0, differed: 0 };

/**
 * Compares the read model with the acts (invariant 9), one page of requests in a pass, by their ids, round after round. Rows that differ
 * are an incident and are rebuilt from the acts. A page without a fault costs a few reads and locks no row.
 */
export class ReadModelChecker {
  constructor(
    private readonly deps: CheckDeps,
    private readonly size = 100,
  ) {}

  /** One page; nothing while another process is at it, or until the next round is due. */
  async pass(): Promise<Checked> {
    return (await underAdvisoryLock(this.deps.db, LOCKS.readModelCheck, (lost) => this.page(lost))) ?? NOTHING;
  }

  private async page(lost: AbortSignal): Promise<Checked> {
    const rows = await this.nextRows();
    if (rows === undefined) return NOTHING;
    const doubted = await this.firstLook(rows);
    let differed = 0;
    for (const row of doubted) {
      if (lost.aborted) return { compared: 0, doubted: doubted.length, differed };
      if (await this.secondLook(row)) differed += 1;
    }
    await this.reached(rows);
    return { compared: rows.length, doubted: doubted.length, differed };
  }

  /** Undefined between two rounds. */
  private nextRows(): Promise<Row[] | undefined> {
    const now = this.deps.clock.now();
    return inScope(this.deps.db, 'process', async (tx) => {
      const [at] = await tx.query<{ after: string | null; due: boolean }[]>(
        'select after_id as after, began_at <= $1 as due from read_model_check',
        [new Date(now - ROUND)],
      );
      const begins = at === undefined || at.after === null;
      if (begins && at?.due !== true) return undefined;
      if (begins) await tx.query('update read_model_check set began_at = $1', [new Date(now)]);
      return tx.query<Row[]>(PAGE, [at?.after ?? FIRST, this.size]);
    });
  }

  private reached(rows: readonly Row[]): Promise<unknown> {
    const last = rows.length < this.size ? null : rows.at(-1)?.id;
    return inScope(this.deps.db, 'process', (tx) =>
      tx.query('update read_model_check set after_id = $1, checked = checked + $2', [last, rows.length]),
    );
  }

  /** Without a lock, so that nobody waits; a row that was moved between two of these reads is only doubted. */
  private firstLook(rows: readonly Row[]): Promise<Row[]> {
    return inScope(this.deps.db, 'process', async (tx) => {
      const [calendars, streams] = await Promise.all([
        this.deps.calendar.current(tx),
        readStreams(tx, rows.map(({ id }) => id)), // prettier-ignore
      ]);
      const settled = !(await deadlinesMove(tx));
      const doubted = new Set<string>();
      const expected = rows.flatMap(({ id, lastSeq }) => {
        const acts = streams.get(id) ?? [];
        if (lastSeq > acts.length) doubted.add(id);
        const history = known(acts.map(asAct));
        if (history) return [expectedOf(id, history, calendars, settled)];
        if (acts.length > 0) doubted.add(id);
        return [];
      });
      for (const { id } of await findDiffering(tx, expected)) doubted.add(id);
      return rows.filter(({ id }) => doubted.has(id));
    });
  }

  /** Under the lock of the request's row; answers whether it differs. */
  private async secondLook({ id, number }: Row): Promise<boolean> {
    const { db, clock, log } = this.deps;
    try {
      const found = await inScope(db, 'process', (tx) => this.mended(tx, id));
      if (!found) return false;
      const { lost, what, act } = found;
      if (lost)
        log.error(
          { request: number, act, what },
          'a request knows of later acts than the ledger has: it is left as it is, see audit:verify',
        );
      else log.warn({ request: number, act, what }, 'the rows of a request were not what its acts say: made anew');
    } catch (error) {
      if (isOutage(error)) throw error;
      log.error({ err: error, request: number }, 'the rows of a request could not be made anew from its acts');
      await noteIncident(db, { requestId: id, runId: '', found: 'readModelDiffers', at: clock.now() });
    }
    return true;
  }

  private async mended(tx: Transaction, id: string): Promise<{ lost: boolean; what: readonly string[]; act: number } | undefined> {
    const loaded = await lockCase(tx, id);
    if (!loaded) return undefined;
    const { seq } = loaded.history;
    const expected = expectedOf(id, loaded.history, ...(await this.deadlines(tx)));
    const [found] = await findDiffering(tx, [expected]);
    if (!found) return undefined;
    const lost = loaded.request.lastSeq > seq;
    if (!lost) await restoreRows(tx, expected);
    const at = this.deps.clock.now();
    const runId = lost ? `act ${seq}` : `act ${seq}, ${new Date(at).toISOString()}`;
    await noteIncidentIn(tx, { requestId: id, runId, found: 'readModelDiffers', at });
    return { lost, what: found.what, act: seq };
  }

  /** The calendars, and whether every deadline stands by them: held so until the transaction ends, else not judged. */
  private async deadlines(tx: Transaction): Promise<[calendars: WorkingCalendars, settled: boolean]> {
    const [lock] = await tx.query<{ mine: boolean }[]>('select pg_try_advisory_xact_lock($1) as mine', [LOCKS.deadlineMoves]);
    const calendars = await this.deps.calendar.current(tx); // before the question: an approval that comes in between is seen by it
    return [calendars, lock?.mine === true && !(await deadlinesMove(tx))];
  }
}

const deadlinesMove = async (tx: Transaction): Promise<boolean> =>
  (await tx.query<unknown[]>(`select 1 from deadline_move where phase = 'tasks' limit 1`, [])).length > 0;

/** Undefined for acts that make no case; a row that was written without any, as a load generator does, has none. */
function known(acts: readonly Act[]): CaseHistory | undefined {
  try {
    return historyOf(acts);
  } catch {
    return undefined;
  }
}
