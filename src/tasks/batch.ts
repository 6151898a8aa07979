import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import type { Caller } from '../access/caller.js';
import { LOG, outcomeOf } from '../api/failures.js';
import type { KeyedRequest } from '../api/idempotency.js';
import { canonical } from '../ledger/chain.js';
import { Tasks } from './tasks.service.js';
import type { BatchAnswer, BatchItem, BatchResult } from './tasks.dto.js';

/** Many decisions in one call: each its own transaction with its own outcome, so a batch that was cut off is simply sent again with its key. */
@Injectable()
export class Batch {
  constructor(
    private readonly tasks: Tasks,
    @Inject(LOG) private readonly log: Logger,
  ) {}

  async decide(caller: Caller, { key }: KeyedRequest, items: readonly BatchItem[]): Promise<BatchAnswer> {
    const results: BatchResult[] = [];
    for (const item of items) results.push(await this.one(caller, key, item));
    return { items: results };
  }

  /** What each would be answered with, each by itself: nothing is written, and nobody waits for a lock. */
  async tryOut(caller: Caller, items: readonly BatchItem[]): Promise<BatchAnswer> {
    const results: BatchResult[] = [];
    for (const { taskId, ...decision } of items)
      results.push(await this.outcome(taskId, async () => ({ task: await this.tasks.wouldDecide(caller, taskId, decision) })));
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
