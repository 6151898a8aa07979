import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { A_LOOK_MS, type Subject } from './closed-loop.js';
import { HttpClient } from './http.js';
import { timed, type Measurements } from './measurements.js';
import { PLANS } from './plans.js';
import type { Population } from './population.js';
import { reviewerOf, Transfers, type Step, type Transfer } from './transfers.js';
import { Watch } from './watch.js';

const THERE = `
  select request_id as id, step as what from task where state = 'open' and request_id = any($1)
  union all select id, 'closed' from change_request where state <> 'open' and id = any($1)`;

/** The steps in the order of the source's province. */
interface Filed {
  readonly id: string;
  readonly steps: readonly { readonly id: Step }[];
}

interface TaskItem {
  readonly id: string;
  readonly requestId: string;
  readonly version: number;
}

/** The product as its clients meet it: HTTP to the API process; the worker process does the rest. */
export function product(url: string, ownerUrl: string, population: Population): Subject {
  const http = new HttpClient(`${url}/api/v1`);
  const db = new pg.Pool({ connectionString: ownerUrl, max: 1, options: PLANS });
  const watch = new Watch(db, THERE);
  const transfers = new Transfers(population);

  /** One file a school, handed in before its first filing is timed. */
  const files = new Map<string, Promise<string>>();
  const evidenceOf = (clerk: string): Promise<string> => {
    const file = files.get(clerk) ?? http.evidence(clerk);
    files.set(clerk, file);
    return file;
  };

  const carry = async (transfer: Transfer, into: Measurements): Promise<void> => {
    const { studentId, source, destination } = transfer;
    const evidenceIds = [await evidenceOf(source.clerk)];
    const body = { kind: 'transfer', studentId, details: { destinationSchoolId: destination.id }, evidenceIds, reason: '家庭迁居' };
    const { id, steps } = await timed(into.filed, () => http.post<Filed>('/change-requests', source.clerk, body));
    let acknowledged: number | undefined;
    for (const { id: step } of steps) {
      const token = reviewerOf(transfer, step);
      await watch.until(id, step);
      const { items } = await timed(into.inbox, () => http.get<{ items: TaskItem[] }>('/tasks?limit=20', token));
      const task = items.find(({ requestId }) => requestId === id);
      if (!task) throw new Error(`the inbox does not show the task of ${step}`);
      if (acknowledged !== undefined) into.visible.push(performance.now() - acknowledged);
      await sleep(A_LOOK_MS);
      const decision = { verdict: 'approve', opinion: '同意', version: task.version };
      await timed(into.acknowledged, () => http.post(`/tasks/${task.id}/decision`, token, decision));
      acknowledged = performance.now();
    }
    await watch.until(id, 'closed');
  };

  return {
    name: 'product',
    carryCase: (into) => transfers.carry((transfer) => carry(transfer, into)),
    close: async () => {
      http.close();
      await db.end();
    },
  };
}
