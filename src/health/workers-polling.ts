import type { Client } from '@temporalio/client';
import { systemClock } from '../platform/clock.js';

/** A worker asks again at least once a minute; who has not done so for longer is gone. */
const GONE_AFTER = 75_000;
/** `TASK_QUEUE_TYPE_WORKFLOW` of Temporal's API. */
const WORKFLOWS = 1;

/** How many workers ask Temporal for the work of our cases; undefined when Temporal does not answer. */
export async function workersPolling(client: Client, namespace: string, taskQueue: string): Promise<number | undefined> {
  const now = systemClock.now();
  try {
    const { pollers } = await client.connection.withDeadline(now + 1000, () =>
      client.workflowService.describeTaskQueue({ namespace, taskQueue: { name: taskQueue }, taskQueueType: WORKFLOWS }),
    );
    const recent = (pollers ?? []).filter(({ lastAccessTime }) => now - Number(lastAccessTime?.seconds ?? 0) * 1000 < GONE_AFTER);
    return new Set(recent.map(({ identity }) => identity)).size;
  } catch {
    return undefined;
  }
}
