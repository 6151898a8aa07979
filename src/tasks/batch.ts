import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Caller } from '../access/caller.js';
import type { KeyedRequest } from '../api/idempotency.js';
import { Problem, problemView } from '../api/problem.js';
import { canonical } from '../ledger/chain.js';
import { Tasks } from './tasks.service.js';
import type { BatchAnswer, BatchItem, BatchResult } from './tasks.dto.js';

/** Many decisions in one call: each its own transaction with its own outcome, so a batch that was cut off is simply sent again with its key. */
@Injectable()
export class Batch {
  constructor(private readonly tasks: Tasks) {}

  async decide(caller: Caller, { key }: KeyedRequest, items: readonly BatchItem[]): Promise<BatchAnswer> {
    const results: BatchResult[] = [];
    for (const item of items) results.push(await this.one(caller, key, item));
    return { items: results };
  }

  /** What each would be answered with, each by itself: nothing is written, and nobody waits for a lock. */
  async tryOut(caller: Caller, items: readonly BatchItem[]): Promise<BatchAnswer> {
    const results: BatchResult[] = [];
    for (const { taskId, ...decision } of items)
      results.push(await answered(taskId, async () => ({ task: await this.tasks.wouldDecide(caller, taskId, decision) })));
    return { items: results };
  }

  private one(caller: Caller, key: string, item: BatchItem): Promise<BatchResult> {
    const { taskId, ...decision } = item;
    const keyed = { key: `${key}:${taskId}`, digest: createHash('sha256').update(canonical(item)).digest() };
    return answered(taskId, async () => ({ task: await this.tasks.decide(caller, keyed, taskId, decision) }));
  }
}

async function answered(taskId: string, work: () => Promise<Pick<BatchResult, 'task'>>): Promise<BatchResult> {
  try {
    return { taskId, status: 200, ...(await work()) };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { taskId, status: error.status, problem: problemView(error) };
  }
}
