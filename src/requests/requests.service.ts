import { Quotas } from '../platform/access/quotas.js';
import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { type Caller } from '../platform/access/caller.js';
import { Cursors } from '../platform/http/cursor.js';
import { OnceOnly, type KeyedRequest } from '../platform/access/idempotency.js';
import { blockerView, Problem, refuseBlocked } from '../platform/http/problem.js';
import { LOG } from '../platform/log.js';
import { isoInShanghai } from '../platform/clock.js';
import { inScope, type Transaction } from '../platform/database/in-scope.js';
import type { Move } from '../domain/case/admissible.js';
import { filerNow, openTasks } from '../domain/case/case.js';
import { handlingAt, watchingAt, type Actor } from '../domain/offices.js';
import { isOperator } from '../domain/case/operators.js';
import { calendarFor, dateOf, workingDaysBetween } from '../domain/working-days.js';
import { evidenceDigests } from '../cases/evidence-digests.js';
import { incidentsOf } from '../cases/incidents.js';
import { Wakes } from '../cases/wakes.js';
import { CaseContext } from '../cases/case-context.js';
import { reopenOrders } from '../orders/answering.js';
import { actedBy } from '../platform/ledger/acted-by.js';
import { CaseMoves, mustSeeRequest, type AskedMove } from '../cases/case-moves.js';
import { enterFiling, type LoadedCase, readCase } from '../cases/cases.store.js';
import { actionsOnRequest } from '../domain/case/allowed-actions.js';
import { actionViews } from './actions.views.js';
import { correctionView } from './corrections.views.js';
import { Filing, tellsOfAnother, type Gathered } from './filing.service.js';
import { appendFilings, filersOffices, type Appended, type Fileable } from './appending.js';
import { filtersOf } from './case-filters.js';
import type { NamedStudent } from './case-filters.dto.js';
import { mustBeEvidenced, mustBeListed } from './proofs.js';
import type { FileRequest, PrecheckRequest, PrecheckView, RecallRequest, RequestQuery, SupplementRequest } from './requests.dto.js';
import type { ChangeRequestDetail, ChangeRequestPage, ChangeRequestView } from './request-views.dto.js';
import { nearestTask, oneRequest, REQUEST_ROW, requestDetail, requestView } from './requests.views.js';

/** Filing, reading and the filer's moves. Each write is one transaction that appends one act; the workflow is woken after its commit. */
@Injectable()
export class Requests {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly context: CaseContext,
    private readonly filing: Filing,
    private readonly once: OnceOnly,
    private readonly moves: CaseMoves,
    private readonly cursors: Cursors,
    private readonly wakes: Wakes,
    private readonly quotas: Quotas,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  async precheck(caller: Caller, body: PrecheckRequest): Promise<PrecheckView> {
    const { blockers } = await inScope(this.db, caller, async (tx) => {
      const gathered = await this.filing.gather(tx, caller, body);
      await this.filing.recordMismatch(tx, caller, gathered);
      return gathered;
    });
    if (tellsOfAnother(blockers)) await this.quotas.spendNow(caller, 'possibleDuplicates');
    return { allowed: blockers.length === 0, blockers: blockers.map(blockerView) };
  }

  async file(caller: Caller, keyed: KeyedRequest, body: FileRequest): Promise<ChangeRequestView> {
    let refused: Gathered | undefined;
    let appended: Appended | undefined;
    const filed = this.once.run(caller, keyed, async (tx, actor) => {
      const entered = enterFiling(tx, body.kind, body.studentId ? [body.studentId] : []);
      const [gathered] = await Promise.all([this.filing.gather(tx, actor, body), entered]);
      if (gathered.blockers.length > 0) refused = gathered;
      refuseBlocked(gathered.blockers);
      [appended] = await this.append(tx, actor, [{ body, gathered }]);
      return oneRequest(tx, appended?.requestId ?? '', this.context.clock.now());
    });
    const { answer } = await filed.catch(async (error: unknown) => {
      await this.recordRefused(caller, refused);
      if (refused && tellsOfAnother(refused.blockers)) await this.quotas.spendNow(caller, 'possibleDuplicates');
      throw error;
    });
    // The answer of an earlier request with the same key woke whom it moved.
    this.wakeFiled(appended ?? { requestId: answer.id, orders: [], held: [] });
    return answer;
  }

  /** In a transaction of its own, because the filing's is rolled back. Its failure is logged and never hides why the filing was refused. */
  private async recordRefused(caller: Caller, refused: Gathered | undefined): Promise<void> {
    if (!refused) return;
    await inScope(this.db, caller, (tx) => this.filing.recordMismatch(tx, caller, refused)).catch((error: unknown) =>
      this.log.error({ err: error }, 'a refused filing could not be put on record'),
    );
  }

  private wakeOrders(ids: readonly string[], kind: string): void {
    for (const id of ids) this.wakes.wake({ requestId: id, kind, of: 'order' });
  }

  /** After the commit of a filing. */
  wakeFiled({ requestId, orders, held }: Pick<Appended, 'requestId' | 'orders' | 'held'>): void {
    this.wakes.wake({ requestId, kind: 'filed' });
    this.wakeOrders(orders, 'filed');
    for (const { request, act } of held) this.wakes.after(request, act);
  }

  /** In the caller's transaction; after its commit the caller wakes the cases that it returns. */
  append(tx: Transaction, actor: Actor, filings: readonly Fileable[]): Promise<Appended[]> {
    return appendFilings(tx, this.context, actor, filings);
  }

  show(caller: Caller, id: string): Promise<ChangeRequestDetail> {
    return inScope(this.db, caller, async (tx) => {
      await mustSeeRequest(tx, caller, id);
      const detail = await requestDetail(tx, this.context.cipher, id, this.context.clock.now());
      const [loaded, moment] = await Promise.all([readCase(tx, id), this.context.moment(tx)]);
      const actions = loaded ? actionsOnRequest(loaded.state, caller, moment) : [];
      const incidents = isOperator(caller) ? await incidentsOf(tx, id) : undefined;
      return {
        ...detail,
        allowedActions: actionViews(id, actions),
        correction: await correctionView(tx, this.context.cipher, id, handlingAt(caller)),
        ...(incidents && { incidents: incidents.map((one) => ({ ...one, at: isoInShanghai(one.at) })) }),
      };
    });
  }

  async list(caller: Caller, query: RequestQuery, student?: NamedStudent): Promise<ChangeRequestPage> {
    const { sort, order = sort === 'dueAt' ? 'asc' : 'desc', cursor, limit } = query;
    const list = `requests ${sort} ${order}`;
    const [afterAt, afterId] = this.cursors.read(list, cursor) ?? [];
    const now = this.context.clock.now();
    const filters = { ...filtersOf(this.context.cipher, query, student), order, afterAt, afterId, now: new Date(now).toISOString() };
    const rows = await inScope(this.db, caller, (tx) =>
      tx.query<Parameters<typeof requestView>[0][]>(
        `${REQUEST_ROW} join found_requests($2) with ordinality f (id, nth) on f.id = r.id where r.seen_by && $1 order by f.nth`,
        [watchingAt(caller), filters],
      ),
    );
    const page = this.cursors.page(list, rows, limit, sort === 'dueAt' ? nearestTask : (row) => [row.filedAt.toISOString(), row.id]);
    return { ...page, items: page.items.map((row) => requestView(row, now)) };
  }

  /** Withdraws the request before its last approval, or while it waits for its day. */
  recall(caller: Caller, keyed: KeyedRequest, id: string, { reason }: RecallRequest): Promise<ChangeRequestView> {
    return this.move(
      caller,
      keyed,
      id,
      () => ({ do: 'recall' }),
      (_, tx) => ({ act: { kind: 'recalled' }, texts: { reason }, orders: (by) => reopenOrders(tx, this.context, id, by) }),
    );
  }

  /** Hands in what a return asked for. A late supplement is accepted and marked. */
  supplement(
    caller: Caller,
    keyed: KeyedRequest,
    id: string,
    { evidenceIds, evidence, note }: SupplementRequest,
  ): Promise<ChangeRequestView> {
    const taskOf = ({ state }: LoadedCase) => openTasks(state).find((task) => task.supplement);
    return this.move(
      caller,
      keyed,
      id,
      (loaded) => ({ do: 'supplement', taskId: taskOf(loaded)?.taskId ?? '' }),
      async (loaded, tx, actor) => {
        const task = taskOf(loaded);
        if (!task) throw new Problem('not-a-supplement');
        await this.filing.checkEvidence(tx, actor, evidenceIds);
        const digests = await evidenceDigests(tx, evidenceIds);
        await mustBeListed(tx, loaded.state.route, evidence ?? [], [...loaded.request.evidenceIds, ...evidenceIds]);
        await mustBeEvidenced(tx, loaded, evidence ?? [], evidenceIds);
        const { clock, calendar } = this.context;
        const late =
          workingDaysBetween(calendarFor(await calendar.current(tx), task), task.arrivedOn, dateOf(clock.now())) > task.workingDays;
        return {
          act: {
            kind: 'supplemented',
            taskId: task.taskId,
            step: task.step,
            visit: task.visit,
            evidenceIds,
            evidenceDigests: digests,
            evidence,
            late,
          },
          texts: { note },
        };
      },
    );
  }

  /** Asks the present holders to hurry; a note, once a day. */
  urge(caller: Caller, keyed: KeyedRequest, id: string): Promise<ChangeRequestView> {
    return this.move(
      caller,
      keyed,
      id,
      () => ({ do: 'urge' }),
      ({ acts }) => {
        const today = dateOf(this.context.clock.now());
        if (acts.some((act) => act.kind === 'urged' && act.by?.personId === caller.personId && dateOf(act.at) === today))
          throw new Problem('already-urged');
        return { act: { kind: 'urged' } };
      },
    );
  }

  private move(
    caller: Caller,
    keyed: KeyedRequest,
    id: string,
    move: (loaded: LoadedCase) => Move,
    made: AskedMove<ChangeRequestView>['made'],
  ): Promise<ChangeRequestView> {
    return this.moves.run(caller, keyed, {
      requestId: (tx, actor) => mustSeeRequest(tx, actor, id),
      move,
      by: ({ state }, actor) => actedBy(actor, ...filersOffices(filerNow(state))),
      made,
      answer: (tx) => oneRequest(tx, id, this.context.clock.now()),
    });
  }
}
