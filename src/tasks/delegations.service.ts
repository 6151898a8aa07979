import { Injectable } from '@nestjs/common';
import type { Caller } from '../platform/access/caller.js';
import type { KeyedRequest } from '../platform/access/idempotency.js';
import type { Delegation, DelegationAnswer, TaskDetail } from './tasks.dto.js';
import { Tasks } from './tasks.service.js';

/** 委派: a colleague looks into a task and answers. Then the task is the delegator's again. */
@Injectable()
export class Delegations {
  constructor(private readonly tasks: Tasks) {}

  delegate(caller: Caller, keyed: KeyedRequest, id: string, { to, question }: Delegation): Promise<TaskDetail> {
    return this.tasks.move(caller, keyed, id, { do: 'delegate', taskId: id, to }, async (_, task, tx) => {
      await this.tasks.mustHoldOffice(tx, task, to);
      return { act: { kind: 'delegated', taskId: id, step: task.step, to }, texts: { question } };
    });
  }

  answer(caller: Caller, keyed: KeyedRequest, id: string, { answer }: DelegationAnswer): Promise<TaskDetail> {
    return this.tasks.move(caller, keyed, id, { do: 'answerDelegation', taskId: id }, (_, { step }) => ({
      act: { kind: 'delegationEnded', taskId: id, step, how: 'answered' },
      texts: { opinion: answer },
    }));
  }

  withdraw(caller: Caller, keyed: KeyedRequest, id: string): Promise<TaskDetail> {
    return this.tasks.move(caller, keyed, id, { do: 'withdrawDelegation', taskId: id }, (_, { step }) => ({
      act: { kind: 'delegationEnded', taskId: id, step, how: 'withdrawn' },
    }));
  }
}
