import { condition, defineSignal, proxyActivities, setHandler } from '@temporalio/workflow';
import type { BareActivities } from './worker.js';

export const decided = defineSignal('decided');

const { openTask } = proxyActivities<BareActivities>({ startToCloseTimeout: '10 seconds' });

/**
 * As many steps as a transfer, the ordinary way: a regular activity opens each task, a signal decides it, a timer of ten days waits beside.
 */
export async function bareCase(id: string, holders: string[]): Promise<void> {
  let decisions = 0;
  setHandler(decided, () => void (decisions += 1));
  for (const [step, holder] of holders.entries()) {
    await openTask(id, step, holder);
    await condition(() => decisions > step, '10 days');
  }
}
