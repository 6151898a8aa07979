import { FIELD_FAULTS } from '../domain/messages/field-faults.js';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { actorNow, type Caller } from '../platform/access/caller.js';
import type { KeyedRequest } from '../platform/access/idempotency.js';
import { Problem, refuse, refuseBlocked } from '../platform/http/problem.js';
import { isoInShanghai } from '../platform/clock.js';
import { beyond, inScope, type Transaction } from '../platform/database/in-scope.js';
import { actionsOnTask } from '../domain/case/allowed-actions.js';
import { admissible, allowedVerdicts, type Move } from '../domain/case/admissible.js';
import type { DecisionData, Placement, ReturnedRow } from '../domain/case/acts.js';
import { holdOf, stepOf as stepIn, stepsBefore, type CaseState, type OpenTask } from '../domain/case/case.js';
import { watchingAt, type Actor } from '../domain/offices.js';
import { majorsOfferedAt } from '../organisations/offers.js';
import { whyNotPlaced } from '../requests/placing.js';
import type { Route, RouteStep } from '../domain/procedure/procedure.js';
import { inOffice, isSupervisor, mayBeIts, overrules, proxyFor } from '../domain/case/who.js';
import { dateOf } from '../domain/working-days.js';
import { HOLDS_OFFICE_AT } from '../platform/access/offices.sql.js';
import { actedBy, actedFor, type Signature } from '../platform/ledger/acted-by.js';
import { CaseContext } from '../cases/case-context.js';
import { CaseMoves, openTask, type MadeMove } from '../cases/case-moves.js';
import { asAct, readCase, type LoadedCase } from '../cases/cases.store.js';
import { rowsAmong } from '../cases/batches.js';
import { studentOf } from '../cases/read-model.js';
import { correctionMarks } from '../requests/corrections.views.js';
import { actionViews, barredView } from '../requests/actions.views.js';
import { holdView } from '../requests/requests.views.js';
import { PolicyStore } from '../policies/policies.store.js';
import { rejectionOnOrders } from '../orders/answering.js';
import { dataOf, dataSchemaOf } from './data-schema.js';
import type { CandidateView, Decision, Reassignment, ReturnedRowInput, TaskDetail } from './tasks.dto.js';
import { oneTask } from './tasks.views.js';
import { IS_PERSON } from '../platform/access/service-account.sql.js';

const IS_UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * The moves on a task. Each is one transaction under the request's row lock, judged by `admissible` and acknowledged before Temporal hears
 * of it.
 */
@Injectable()
export class Tasks {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly context: CaseContext,
    private readonly moves: CaseMoves,
    private readonly policies: PolicyStore,
  ) {}

  show(caller: Caller, id: string): Promise<TaskDetail> {
    return inScope(this.db, caller, async (tx) => {
      const requestId = await this.requestOf(tx, caller, id);
      const loaded = await readCase(tx, requestId);
      if (!loaded) throw new Problem('not-found');
      return this.detail(tx, id, loaded, caller);
    });
  }

  decide(caller: Caller, keyed: KeyedRequest, id: string, decision: Decision): Promise<TaskDetail> {
    ofAReturn(decision);
    return this.move(caller, keyed, id, moveOf(id, decision), (loaded, task, tx) => this.decided(tx, loaded, task, decision));
  }

  /** What a decision would be answered with: the task as it stands, or the problem. */
  wouldDecide(caller: Caller, id: string, decision: Decision): Promise<TaskDetail> {
    ofAReturn(decision);
    return inScope(this.db, caller, async (tx) => {
      const moment = await this.context.moment(tx);
      const actor = await actorNow(tx, caller.personId, new Date(moment.now));
      const loaded = await readCase(tx, await this.requestOf(tx, actor, id));
      if (!loaded) throw new Problem('not-found');
      refuse(admissible(loaded.state, moveOf(id, decision), actor, moment));
      await this.decided(tx, loaded, openTask(loaded.state, id), decision);
      return this.detail(tx, id, loaded, actor);
    });
  }

  private async decided(tx: Transaction, { state, request }: LoadedCase, task: OpenTask, decision: Decision): Promise<MadeMove> {
    const { verdict, opinion, data, to, missing = [] } = decision;
    const step = stepOf(state, task);
    const decided = dataFor(verdict, step, data);
    // What a placement leaves out stays, which must be possible there too.
    if (verdict === 'approve' && step.asks === 'placement')
      await beyond(tx, 'placement', () => this.mustBePossible(tx, decided?.placement ?? {}, studentOf(request), state.route));
    if (decided?.rows) await mustBeRows(tx, request, decided.rows);
    const decidedOn = dateOf(this.context.clock.now());
    return {
      act: {
        kind: 'decided',
        taskId: task.taskId,
        step: task.step,
        visit: task.visit,
        verdict,
        decidedOn,
        ...(decided ? { data: decided } : {}),
        ...(to === undefined ? {} : { to }),
        ...(task.onBehalfOf ? { onBehalfOf: task.onBehalfOf } : {}),
      },
      texts: {
        ...(opinion === '' ? {} : { opinion }),
        ...(missing.length === 0 ? {} : { missing: JSON.stringify(missing) }),
        ...(decided?.rows && data?.rows ? { rows: reasonsOf(data.rows) } : {}),
      },
      ...(verdict === 'reject' ? { orders: (by) => rejectionOnOrders(tx, this.context, request.id, task, by) } : {}),
    };
  }

  claim(caller: Caller, keyed: KeyedRequest, id: string): Promise<TaskDetail> {
    return this.move(caller, keyed, id, { do: 'claim', taskId: id }, async ({ state }, task, tx) => ({
      act: {
        kind: 'claimed',
        taskId: id,
        step: task.step,
        workingDays: (await this.policies.frozen(tx, state.route.policy)).claimWorkingDays,
      },
    }));
  }

  release(caller: Caller, keyed: KeyedRequest, id: string): Promise<TaskDetail> {
    return this.move(caller, keyed, id, { do: 'release', taskId: id }, (_, { step }) => ({ act: { kind: 'released', taskId: id, step } }));
  }

  /**
   * Reassigns the task to another person of the same office. A claimed task may be reassigned only by its claimant, a supervisor, the
   * superior that it was escalated to (A4), or an operator.
   */
  reassign(caller: Caller, keyed: KeyedRequest, id: string, { to, reason }: Reassignment): Promise<TaskDetail> {
    return this.move(caller, keyed, id, { do: 'reassign', taskId: id, to }, async (_, task, tx) => {
      await this.mustHoldOffice(tx, task, to);
      return { act: { kind: 'reassigned', taskId: id, step: task.step, to }, texts: { reason } };
    });
  }

  /** Who could take an open task, for its own office and who may hand it on whoever has it. @throws Problem not-your-task */
  candidates(caller: Caller, id: string): Promise<CandidateView[]> {
    return inScope(this.db, caller, async (tx) => {
      const loaded = await readCase(tx, await this.requestOf(tx, caller, id));
      if (!loaded) throw new Problem('not-found');
      const task = openTask(loaded.state, id);
      if (!inOffice(loaded.state, task, caller) && !overrules(task, caller)) throw new Problem('not-your-task');
      const people = await tx.query<{ id: string; displayName: string }[]>(
        `select distinct p.id, p.display_name as "displayName" from office o join person p on p.id = o.person_id and ${IS_PERSON('p')}
         where o.organisation_id = $1 and o.office = $2 and ${HOLDS_OFFICE_AT('o', '$3')} order by 2, 1 limit 500`,
        [task.holder, task.office, new Date(this.context.clock.now())],
      );
      return people.map((person) => {
        const barred = mayBeIts(loaded.state, task, person.id);
        return { person, allowed: barred === undefined, barred: barred ? barredView(barred) : null };
      });
    });
  }

  /** @throws Problem not-an-office-holder */
  async mustHoldOffice(tx: Transaction, task: OpenTask, personId: string): Promise<void> {
    const [holder] = await tx.query<unknown[]>(
      `select 1 from office o join person p on p.id = o.person_id and ${IS_PERSON('p')} where person_id = $1 and organisation_id = $2
        and office = $3 and ${HOLDS_OFFICE_AT('o', '$4')}`,
      [personId, task.holder, task.office, new Date(this.context.clock.now())],
    );
    if (!holder) throw new Problem('not-an-office-holder', { errors: [{ pointer: '/to', detail: FIELD_FAULTS.holdsNotThisOffice }] });
  }

  /** One move on an open task, in one transaction under the request's lock. */
  move(
    caller: Caller,
    keyed: KeyedRequest,
    id: string,
    move: Move,
    made: (loaded: LoadedCase, task: OpenTask, tx: Transaction) => MadeMove | Promise<MadeMove>,
  ): Promise<TaskDetail> {
    return this.moves.run(caller, keyed, {
      requestId: (tx, actor) => this.requestOf(tx, actor, id),
      move: () => move,
      by: ({ state }, actor) => officeFor(state, actor, openTask(state, id), move),
      made: (loaded, tx) => made(loaded, openTask(loaded.state, id), tx),
      answer: (tx, after, actor) => this.detail(tx, id, after, actor),
    });
  }

  /** @throws Problem of the first reason, with every reason */
  private async mustBePossible(tx: Transaction, placement: Placement, studentId: string, route: Route): Promise<void> {
    const asked = { studentId, route, today: dateOf(this.context.clock.now()) };
    refuseBlocked(await whyNotPlaced(tx, this.policies, placement, asked));
  }

  /** The task's request, for who may see it. */
  async requestOf(tx: Transaction, actor: Actor, id: string): Promise<string> {
    if (!IS_UUID.test(id)) throw new Problem('not-found');
    const [row] = await tx.query<{ id: string }[]>(
      'select r.id from task t join change_request r on r.id = t.request_id where t.id = $1 and (r.seen_by && $2 or t.holder_id = any($2))',
      [id, watchingAt(actor)],
    );
    if (!row) throw new Problem('not-found');
    return row.id;
  }

  /** The majors from which a school chooses that places a student. */
  private async offeredAt(tx: Transaction, { parties }: Route, { asks, onBehalfOf }: RouteStep): Promise<string[]> {
    const schoolId = parties.destinationSchool ?? parties.school;
    return asks === 'placement' && schoolId && !onBehalfOf ? majorsOfferedAt(tx, [schoolId]) : [];
  }

  async detail(tx: Transaction, id: string, { state, acts }: LoadedCase, actor: Actor): Promise<TaskDetail> {
    const [view, moment] = await Promise.all([oneTask(tx, id, this.context.clock.now()), this.context.moment(tx)]);
    if (!view) throw new Problem('not-found');
    const step = state.route.steps.find((one) => one.id === view.step);
    const hold = holdOf(state);
    const retracted = acts.map(asAct).find((act) => act.kind === 'retracted' && act.taskId === id);
    return {
      ...view,
      retractedAt: retracted ? isoInShanghai(retracted.at) : null,
      allowedVerdicts: allowedVerdicts(state, id, actor, moment),
      returnTo: step ? stepsBefore(state, step.id).map((one) => one.id) : [],
      dataSchema: step && !view.capacities.includes('supplement') ? dataSchemaOf(step, await this.offeredAt(tx, state.route, step)) : null,
      correction: correctionMarks(acts.map(asAct)),
      allowedActions: actionViews(view.requestId, actionsOnTask(state, id, actor, moment)),
      hold: hold && holdView(hold),
    };
  }
}

/**
 * A rejection carries no placement, but an outside school's is recorded from its sealed reply like its approval; a return carries nothing.
 */
const dataFor = (verdict: Decision['verdict'], { asks, onBehalfOf }: RouteStep, data: Decision['data']): DecisionData | undefined => {
  if (verdict === 'approve') return dataOf({ asks, onBehalfOf }, data);
  return verdict === 'reject' && onBehalfOf ? dataOf({ onBehalfOf }, data) : undefined;
};

/** Rows are those of the case. @throws Problem invalid-input */
async function mustBeRows(tx: Transaction, request: LoadedCase['request'], rows: readonly ReturnedRow[]): Promise<void> {
  const ids = rows.map(({ row }) => row);
  const known = await beyond(tx, 'subject', () => rowsAmong(tx, request, ids));
  const errors = ids.flatMap((id, i) => (known.has(id) ? [] : [{ pointer: `/data/rows/${i}/row`, detail: FIELD_FAULTS.unknownRow }]));
  if (errors.length > 0) throw new Problem('invalid-input', { errors });
}

/** Why each row is returned, kept as one erasable text. */
const reasonsOf = (rows: readonly ReturnedRowInput[]): string =>
  JSON.stringify(Object.fromEntries(rows.map(({ row, reason }) => [row, reason])));

/** The office of an act on a task: the supervisor's if only a supervisor may do it, else the task's own or an absent person's. */
export function officeFor(state: CaseState, actor: Actor, task: OpenTask, move?: Move): Signature {
  const above = move?.do === 'urge' ? task.escalatedTo : [task.holder, ...task.ladder, ...task.escalatedTo];
  const supervising = above.map((organisationId) => ({ office: 'authoritySupervisor' as const, organisationId }));
  const operating = actor.offices.filter(({ office }) => office === 'operator');
  if (isSupervisors(state, task, move, actor)) return actedBy(actor, ...supervising, ...operating);
  const proxy = proxyFor(state, task, actor);
  return proxy ? actedFor(actor, proxy) : actedBy(actor, { office: task.office, organisationId: task.holder }, ...supervising);
}

/** An urge, the second return of a step (A4, A9), or a task that is handed on whoever has claimed it. */
const isSupervisors = (state: CaseState, task: OpenTask, move: Move | undefined, actor: Actor): boolean =>
  move?.do === 'urge' ||
  (move?.do === 'reassign' && overrules(task, actor)) ||
  (move?.do === 'decide' && move.verdict === 'return' && stepIn(state, task.step).returns > 0 && isSupervisor(task, actor));

const moveOf = (taskId: string, { verdict, opinion, version, to }: Decision): Move => ({
  do: 'decide',
  taskId,
  verdict,
  opinion,
  version,
  ...(to === undefined ? {} : { to }),
});

/** Only a return names what is missing and who decides again. @throws Problem invalid-input */
function ofAReturn({ verdict, to, missing }: Decision): void {
  const stray = [...(to === undefined ? [] : ['/to']), ...(missing === undefined ? [] : ['/missing'])];
  if (verdict !== 'return' && stray.length > 0)
    throw new Problem('invalid-input', { errors: stray.map((pointer) => ({ pointer, detail: FIELD_FAULTS.returnOnly })) });
}

function stepOf(state: CaseState, task: OpenTask): RouteStep {
  const step = state.route.steps.find(({ id }) => id === task.step);
  if (!step) throw new Problem('already-decided');
  return step;
}
