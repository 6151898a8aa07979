import { Injectable } from '@nestjs/common';
import type { Caller } from '../platform/access/caller.js';
import type { KeyedRequest } from '../platform/access/idempotency.js';
import { Problem } from '../platform/http/problem.js';
import { stepOf, type CaseState, type LastDecision } from '../domain/case/case.js';
import { actedBy, actedFor, type Signature } from '../platform/ledger/acted-by.js';
import { CaseMoves } from '../cases/case-moves.js';
import type { Actor } from '../domain/offices.js';
import type { Retraction, TaskDetail } from './tasks.dto.js';
import { Tasks } from './tasks.service.js';

/** Retracts a reviewer's own decision, while the next step's task is neither claimed nor decided. */
@Injectable()
export class Retractions {
  constructor(
    private readonly tasks: Tasks,
    private readonly moves: CaseMoves,
  ) {}

  retract(caller: Caller, keyed: KeyedRequest, id: string, { reason }: Retraction): Promise<TaskDetail> {
    return this.moves.run(caller, keyed, {
      requestId: (tx, actor) => this.tasks.requestOf(tx, actor, id),
      move: () => ({ do: 'retract', taskId: id }),
      by: ({ state }, actor) => signed(actor, decisionOn(state, id).decision),
      made: ({ state }) => {
        const { step, visit } = decisionOn(state, id);
        return { act: { kind: 'retracted', taskId: id, step, visit }, texts: { reason } };
      },
      answer: (tx, after, actor) => this.tasks.detail(tx, id, after, actor),
    });
  }
}

/** In the office of the decision: the own, or that of the absent person for whom a proxy decided. */
function signed(actor: Actor, { office, holder, principalId }: LastDecision): Signature {
  const proxy = actor.proxies?.find((one) => one.office === office && one.organisationId === holder && one.principalId === principalId);
  return proxy && actor.personId !== principalId ? actedFor(actor, proxy) : actedBy(actor, { office, organisationId: holder });
}

function decisionOn(state: CaseState, taskId: string): { step: string; visit: number; decision: LastDecision } {
  for (const { id } of state.route.steps) {
    const { decision, visit } = stepOf(state, id);
    if (decision?.taskId === taskId) return { step: id, visit, decision };
  }
  throw new Problem('nothing-to-retract');
}
