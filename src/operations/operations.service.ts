import { FIELD_FAULTS } from '../domain/messages/field-faults.js';
import { Injectable } from '@nestjs/common';
import type { Caller } from '../platform/access/caller.js';
import type { KeyedRequest } from '../platform/access/idempotency.js';
import { Problem } from '../platform/http/problem.js';
import type { Transaction } from '../platform/database/in-scope.js';
import type { Move } from '../domain/case/admissible.js';
import type { CaseState } from '../domain/case/case.js';
import { dateOf } from '../domain/working-days.js';
import { HOLDS_OFFICE_AT } from '../platform/access/offices.sql.js';
import { actedBy } from '../platform/ledger/acted-by.js';
import { CaseContext } from '../cases/case-context.js';
import { CaseMoves, mustSeeRequest, openTask, type AskedMove } from '../cases/case-moves.js';
import type { ChangeRequestView } from '../requests/request-views.dto.js';
import { oneRequest } from '../requests/requests.views.js';
import { reopenOrders } from '../orders/answering.js';
import type { Extension, OperatorReason, Pause, Reroute } from './operations.dto.js';
import { IS_PERSON } from '../platform/access/service-account.sql.js';

/** Moves of operators on one case. */
@Injectable()
export class Operations {
  constructor(
    private readonly context: CaseContext,
    private readonly moves: CaseMoves,
  ) {}

  cancel(caller: Caller, keyed: KeyedRequest, id: string, { reason }: OperatorReason): Promise<ChangeRequestView> {
    return this.move(caller, keyed, id, { do: 'cancel' }, (_, tx) => ({
      act: { kind: 'cancelled' },
      texts: { reason },
      orders: (by) => reopenOrders(tx, this.context, id, by),
    }));
  }

  pause(caller: Caller, keyed: KeyedRequest, id: string, { cause, reason }: Pause): Promise<ChangeRequestView> {
    return this.move(caller, keyed, id, { do: 'pause' }, () => ({ act: { kind: 'held', cause }, texts: { reason } }));
  }

  continue(caller: Caller, keyed: KeyedRequest, id: string, { reason }: OperatorReason): Promise<ChangeRequestView> {
    return this.move(caller, keyed, id, { do: 'continue' }, () => ({ act: { kind: 'continued' }, texts: { reason } }));
  }

  extend(caller: Caller, keyed: KeyedRequest, id: string, { taskId, workingDays, reason }: Extension): Promise<ChangeRequestView> {
    return this.move(caller, keyed, id, { do: 'extend', taskId }, ({ state }) => {
      const { step, visit } = openTask(state, taskId);
      return { act: { kind: 'extended', taskId, step, visit, workingDays }, texts: { reason } };
    });
  }

  reroute(caller: Caller, keyed: KeyedRequest, id: string, { step, to, reason }: Reroute): Promise<ChangeRequestView> {
    return this.move(caller, keyed, id, { do: 'redirect', step, to }, async ({ state }, tx) => {
      await this.mustBeAble(tx, state, step, to);
      return { act: { kind: 'redirected', step, to }, texts: { reason } };
    });
  }

  retry(caller: Caller, keyed: KeyedRequest, id: string, { reason }: OperatorReason): Promise<ChangeRequestView> {
    return this.move(caller, keyed, id, { do: 'retry' }, () => ({ act: { kind: 'retried' }, texts: { reason } }));
  }

  private move(
    caller: Caller,
    keyed: KeyedRequest,
    id: string,
    move: Move,
    made: AskedMove<ChangeRequestView>['made'],
  ): Promise<ChangeRequestView> {
    return this.moves.run(caller, keyed, {
      requestId: (tx, actor) => mustSeeRequest(tx, actor, id),
      move: () => move,
      by: (_, actor) => actedBy(actor, ...actor.offices.filter(({ office }) => office === 'operator')),
      made,
      answer: (tx) => oneRequest(tx, id, this.context.clock.now()),
    });
  }

  /** The organisation lives, and somebody holds the step's office there. @throws Problem cannot-hold */
  private async mustBeAble(tx: Transaction, { route }: CaseState, step: string, to: string): Promise<void> {
    const now = this.context.clock.now();
    const [able] = await tx.query<unknown[]>(
      `select 1 from organisation o where o.id = $1 and (o.closed_on is null or o.closed_on > $2::date) and exists (
         select 1 from office f join person p on p.id = f.person_id and ${IS_PERSON('p')}
         where f.organisation_id = o.id and f.office = $3 and ${HOLDS_OFFICE_AT('f', '$4')})`,
      [to, dateOf(now), route.steps.find(({ id }) => id === step)?.office, new Date(now)],
    );
    if (!able) throw new Problem('cannot-hold', { errors: [{ pointer: '/to', detail: FIELD_FAULTS.cannotHold }] });
  }
}
