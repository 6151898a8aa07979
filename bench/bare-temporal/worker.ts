import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import path from 'node:path';
import pg from 'pg';
import { PLANS } from '../plans.js';

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 20, options: PLANS });

const activities = {
  /** One insert. */
  async openTask(id: string, step: number, holder: string): Promise<void> {
    const text = 'insert into step (case_id, nth, holder) values ($1, $2, $3) on conflict do nothing';
    await pool.query({ name: 'step', text, values: [id, step, holder] });
  },
};
export type BareActivities = typeof activities;

Runtime.install({ logger: new DefaultLogger('WARN'), shutdownSignals: ['SIGTERM'] });
const connection = await NativeConnection.connect({ address: process.env.TEMPORAL_ADDRESS });
const worker = await Worker.create({
  connection,
  taskQueue: 'bare',
  workflowsPath: path.join(import.meta.dirname, 'workflow.js'),
  activities,
});
process.send?.('ready');
await worker.run();
await Promise.all([connection.close(), pool.end()]);
