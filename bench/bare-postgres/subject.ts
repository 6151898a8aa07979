import type { Subject } from '../closed-loop.js';
import { HttpClient } from '../http.js';
import { timed } from '../measurements.js';
import type { Population } from '../population.js';
import { reviewerOf, STEPS, Transfers } from '../transfers.js';

/**
 * The lower bound: the same rows by hand-written SQL, a transaction a decision, behind plain `node:http`. The next task is visible with the
 * acknowledgement.
 */
export function barePostgres(url: string, population: Population): Subject {
  const http = new HttpClient(url);
  const transfers = new Transfers(population);
  return {
    name: 'barePostgres',
    carryCase: (into) =>
      transfers.carry(async (transfer) => {
        const { studentId, source, destination } = transfer;
        const holders = [source.id, destination.id, source.authorityId, destination.authorityId];
        const { id } = await timed(into.filed, () => http.post<{ id: string }>('/cases', source.clerk, { studentId, holders }));
        let acknowledged: number | undefined;
        for (const [nth, step] of STEPS.entries()) {
          const token = reviewerOf(transfer, step);
          const { items } = await timed(into.inbox, () =>
            http.get<{ items: { id: string; requestId: string }[] }>(`/inbox/${holders[nth]}`, token),
          );
          const task = items.find(({ requestId }) => requestId === id);
          if (!task) throw new Error('the inbox does not show the task');
          if (acknowledged !== undefined) into.visible.push(performance.now() - acknowledged);
          await timed(into.acknowledged, () => http.post(`/tasks/${task.id}/decision`, token, { verdict: 'approve', opinion: '同意' }));
          acknowledged = performance.now();
        }
      }),
    close: () => Promise.resolve(http.close()),
  };
}
