import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import type { Caller } from '../platform/access/caller.js';
import { outcomeOf } from '../platform/http/failures.js';
import { LOG } from '../platform/log.js';
import type { KeyedRequest } from '../platform/access/idempotency.js';
import { Problem } from '../platform/http/problem.js';
import { canonical } from '../platform/ledger/chain.js';
import { Tasks } from './tasks.service.js';
import type { BatchAnswer, BatchItem, BatchResult } from './tasks.dto.js';

/** Many decisions in one call. Each is its own transaction with its own result, so a batch that was cut off is sent again with its key. */
@Injectable()
export class Batch {
  constructor(
    private readonly tasks: Tasks,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  async decide(caller: Caller, { key }: KeyedRequest, items: readonly BatchItem[]): Promise<BatchAnswer> {
    const results: BatchResult[] = [];
    const asked = new Map<string, number>();
    for (const item of items) {
      // A task that is there twice is decided by the first; the second is a decision of its own, not a repetition.
      const nth = (asked.get(item.taskId) ?? 0) + 1;
      asked.set(item.taskId, nth);
      results.push(await this.one(caller, nth === 1 ? key : `${key}:${nth}`, item));
    }
    return { items: results };
  }

  /** What each would be answered with after those before it: nothing is written, and nobody waits for a lock. */
  async tryOut(caller: Caller, items: readonly BatchItem[]): Promise<BatchAnswer> {
    const results: BatchResult[] = [];
    const decided = new Set<string>();
    for (const { taskId, ...decision } of items) {
      const result = await this.outcome(taskId, async () => {
        const task = await this.tasks.wouldDecide(caller, taskId, decision);
        if (decided.has(taskId)) throw new Problem('already-decided');
        return { task };
      });
      if (result.task) decided.add(taskId);
      results.push(result);
    }
    return { items: results };
  }

  private one(caller: Caller, key: string, item: BatchItem): Promise<BatchResult> {
    const { taskId, ...decision } = item;
    const keyed = { key: `${key}:${taskId}`, digest: createHash('sha256').update(canonical(item)).digest() };
    return this.outcome(taskId, async () => ({ task: await this.tasks.decide(caller, keyed, taskId, decision) }));
  }

  private async outcome(taskId: string, work: () => Promise<Pick<BatchResult, 'task'>>): Promise<BatchResult> {
    return { taskId, ...(await outcomeOf(this.log, work)) };
  }
}
