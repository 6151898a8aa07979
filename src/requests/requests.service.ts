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
import { beyond, inScope, type Transaction } from '../platform/database/in-scope.js';
import type { Move } from '../domain/case/admissible.js';
import { filerNow, openTasks } from '../domain/case/case.js';
import { handlingAt, watchingAt, FILERS_OFFICES, type Actor, type OfficeAt } from '../domain/offices.js';
import { isOperator } from '../domain/case/operators.js';
import { addedFor, routeFor, toldOfDeath } from '../domain/case/route.js';
import { calendarFor, dateOf, workingDaysBetween } from '../domain/working-days.js';
import { assertionRoute } from '../dossier/disputes/opening.js';
import { evidenceDigests } from '../cases/evidence-digests.js';
import { incidentsOf } from '../cases/incidents.js';
import { Wakes } from '../cases/wakes.js';
import { CaseContext } from '../cases/case-context.js';
import { answerOrders, reopenOrders } from '../orders/answering.js';
import { actedBy } from '../platform/ledger/acted-by.js';
import { CaseMoves, mustSeeRequest, type AskedMove } from '../cases/case-moves.js';
import { enterFiling, type LoadedCase } from '../cases/cases.store.js';
import { askForIdentities } from '../identity/identity-checks.js';
import { correctionView } from './corrections.views.js';
import { Filing, tellsOfAnother, type Gathered } from './filing.service.js';
import { holdOthersOf, type Moved } from '../cases/held.js';
import { openCases, type CaseByPerson } from '../cases/open-cases.js';
import { filtersOf } from './case-filters.js';
import type { NamedStudent } from './case-filters.dto.js';
import { mustBeEvidenced, mustBeListed } from './proofs.js';
import { newId } from '../platform/ledger/new-id.js';
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

  /**
   * The filer of a cross-track transfer names the student, who is known too late to enter before the facts are read.
   * @throws Problem student-not-matched
   */
  private async mustNotHaveDied(tx: Transaction, studentId: string): Promise<void> {
    const death = `select 1 from change_request where student_id = $1 and state = 'open' and kind = 'death'`;
    const [, [found]] = await beyond(tx, 'filing', () =>
      Promise.all([enterFiling(tx, 'crossTrackTransfer', [studentId]), tx.query<unknown[]>(death, [studentId])]),
    );
    if (found) throw new Problem('student-not-matched');
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

  /**
   * Files gathered requests without a blocker, all of one kind, in the caller's transaction. Many take as many statements as one. After the
   * commit the caller wakes the cases that it returns.
   */
  async append(tx: Transaction, actor: Actor, filings: readonly Fileable[]): Promise<Appended[]> {
    const cases = await Promise.all(filings.map((one) => this.caseOf(tx, actor, one)));
    const numbers = await openCases(tx, this.context, cases);
    await askForIdentities(tx, cases, new Date(this.context.clock.now()));
    for (const { kind, student } of cases) if (kind === 'crossTrackTransfer') await this.mustNotHaveDied(tx, student.id);
    const held = await holdOthersOf(tx, this.context, cases);
    const orders = await answerOrders(tx, this.context, cases);
    return cases.map(({ id }, i) => ({
      requestId: id,
      number: numbers[i] ?? '',
      orders: orders.get(id) ?? [],
      held: held.get(id) ?? [],
    }));
  }

  private async caseOf(tx: Transaction, actor: Actor, { body, gathered }: Fileable): Promise<CaseByPerson> {
    const { student, source, destination, filerOrganisationId, policy, details, personal, late } = gathered;
    if (!student || !source) throw new Error('a filing without blockers has a student and a school');
    const { kind, evidenceIds, evidence, externalId, application } = body;
    const filer = filerOf(filerOrganisationId, actor.personId, source);
    const added = addedFor(kind, details, policy);
    const asked = routeFor(kind, { source, destination, filer }, policy, added);
    const drawn = { ...asked, noticesTo: [...asked.noticesTo, ...toldOfDeath(kind, details, source)] };
    const route =
      kind === 'registrationException'
        ? await beyond(tx, 'bothSides', () => assertionRoute(tx, this.context, drawn, { student, details, personal }))
        : drawn;
    const holders = route.steps.map(({ organisationId }) => organisationId);
    return {
      id: newId(),
      kind,
      route,
      student,
      details,
      application,
      evidenceIds,
      evidence,
      externalId,
      late,
      sourceSchoolId: source.schoolId,
      destinationSchoolId: destination?.schoolId,
      seenBy: [...new Set([...source.seenBy, ...(destination?.seenBy ?? []), ...holders])],
      by: actedBy(actor, ...filersOffices(filerOrganisationId)),
      texts: { reason: body.reason, ...personal },
    };
  }

  show(caller: Caller, id: string): Promise<ChangeRequestDetail> {
    return inScope(this.db, caller, async (tx) => {
      await mustSeeRequest(tx, caller, id);
      const detail = await requestDetail(tx, this.context.cipher, id, this.context.clock.now());
      const incidents = isOperator(caller) ? await incidentsOf(tx, id) : undefined;
      return {
        ...detail,
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

/** A filing of which nothing stands in the way. */
export interface Fileable {
  readonly body: FileRequest;
  readonly gathered: Gathered;
}

export interface Appended {
  readonly requestId: string;
  readonly number: string;
  /** Orders that the filing answered. */
  readonly orders: readonly string[];
  /** Requests that a death holds from now on. */
  readonly held: readonly Moved[];
}

/** An authority files for the closed school for which it acts (A25). */
const filerOf = (organisationId: string, personId: string, { schoolId, actingId }: { schoolId: string; actingId: string | null }) => ({
  organisationId,
  personId,
  ...(organisationId === actingId ? { onBehalfOf: schoolId } : {}),
});

const filersOffices = (organisationId: string): OfficeAt[] => FILERS_OFFICES.map((office) => ({ office, organisationId }));
