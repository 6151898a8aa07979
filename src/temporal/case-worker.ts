import { readFileSync } from 'node:fs';
import { Worker, type NativeConnection } from '@temporalio/worker';
import { createActivities } from '../../activities/index.js';
import type { ProcessDeps } from '../../activities/perform.js';
import { dataConverterFor } from './payload-codec.js';
import type { Config } from '../config.js';

/** A worker for the cases' workflows and activities; at most as many local activities at once as the pool can serve. */
export function createCaseWorker(
  connection: NativeConnection,
  config: Pick<Config, 'temporal' | 'payloadKey' | 'workflowBundle' | 'databasePool'>,
  deps: ProcessDeps,
): Promise<Worker> {
  return Worker.create({
    connection,
    namespace: config.temporal.namespace,
    taskQueue: config.temporal.taskQueue,
    workflowBundle: { code: readFileSync(config.workflowBundle, 'utf8') },
    dataConverter: dataConverterFor(config.payloadKey),
    activities: createActivities(deps),
    maxConcurrentLocalActivityExecutions: Math.max(2, config.databasePool - 4),
    shutdownGraceTime: '10s',
  });
}
