import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import pg from 'pg';
import { A_LOOK_MS, type Subject } from '../closed-loop.js';
import { timed } from '../measurements.js';
import { PLANS } from '../plans.js';
import type { Population } from '../population.js';
import { Transfers } from '../transfers.js';
import { Watch } from '../watch.js';

/** `step` is all that a bare case writes to PostgreSQL. */
export const SCHEMA = `
  create table step (case_id uuid, nth int, holder uuid not null, opened_at timestamptz not null default clock_timestamp(),
    primary key (case_id, nth));
  create index step_inbox on step (holder, opened_at desc)`;

/**
 * A bare Temporal workflow with as many steps, driven by the SDK's client without any HTTP or sign-in before it. A decision is acknowledged
 * when its signal is.
 */
export async function bareTemporal(address: string, url: string, population: Population): Promise<Subject> {
  const connection = await Connection.connect({ address });
  const { workflow } = new Client({ connection });
  const db = new pg.Pool({ connectionString: url, max: 20, options: PLANS });
  const watch = new Watch(db, 'select case_id as id, nth::text as what from step where case_id = any($1)');
  const transfers = new Transfers(population);
  const inbox = (holder: string) =>
    db.query<{ case_id: string }>({
      name: 'inbox',
      text: 'select case_id, nth from step where holder = $1 order by opened_at desc limit 20',
      values: [holder],
    });
  return {
    name: 'bareTemporal',
    carryCase: (into) =>
      transfers.carry(async ({ source, destination }) => {
        const id = randomUUID();
        const holders = [source.id, destination.id, source.authorityId, destination.authorityId];
        const handle = await timed(into.filed, () =>
          workflow.start('bareCase', { workflowId: id, taskQueue: 'bare', args: [id, holders] }),
        );
        let acknowledged: number | undefined;
        for (const [nth, holder] of holders.entries()) {
          await watch.until(id, String(nth));
          const { rows } = await timed(into.inbox, () => inbox(holder));
          if (!rows.some((row) => row.case_id === id)) throw new Error('the inbox does not show the task');
          if (acknowledged !== undefined) into.visible.push(performance.now() - acknowledged);
          await sleep(A_LOOK_MS);
          await timed(into.acknowledged, () => handle.signal('decided'));
          acknowledged = performance.now();
        }
      }),
    close: async () => {
      await connection.close();
      await db.end();
    },
  };
}
