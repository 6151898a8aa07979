import { readFileSync } from 'node:fs';
import { ApplicationFailure, TemporalFailure } from '@temporalio/common';
import { Worker, type ActivityExecuteInput, type NativeConnection } from '@temporalio/worker';
import { createActivities } from '../../activities/index.js';
import type { ProcessDeps } from '../../activities/perform.js';
import { dataConverterFor } from '../platform/temporal/payload-codec.js';
import { sqlState, violatedConstraint } from '../platform/database/in-scope.js';
import type { Config } from '../platform/config.js';

/** A worker for the cases' workflows and activities. It runs at most as many local activities at once as the pool can serve. */
export function createCaseWorker(
  connection: NativeConnection,
  config: Pick<Config, 'temporal' | 'payloadKey' | 'workflowBundle' | 'workflowCache' | 'databasePool'>,
  deps: ProcessDeps,
): Promise<Worker> {
  return Worker.create({
    connection,
    namespace: config.temporal.namespace,
    taskQueue: config.temporal.taskQueue,
    workflowBundle: { code: readFileSync(config.workflowBundle, 'utf8') },
    dataConverter: dataConverterFor(config.payloadKey),
    activities: createActivities(deps),
    interceptors: { activity: [() => ({ inbound: { execute: withoutPersonalData } })] },
    maxConcurrentLocalActivityExecutions: Math.max(2, config.databasePool - 4),
    shutdownGraceTime: '10s',
    maxCachedWorkflows: config.workflowCache,
  });
}

/**
 * Of a failure only its name, SQLSTATE and place leave. A failed statement's error quotes its parameters, and an activity's failure goes to
 * Temporal and to the worker's log.
 */
async function withoutPersonalData(input: ActivityExecuteInput, next: (input: ActivityExecuteInput) => Promise<unknown>): Promise<unknown> {
  try {
    return await next(input);
  } catch (error) {
    if (error instanceof TemporalFailure) throw error;
    const name = error instanceof Error ? error.name : typeof error;
    const failure = ApplicationFailure.retryable(`${name} ${sqlState(error) ?? ''}`.trim(), name);
    // For the worker's log alone: Temporal keeps neither.
    Object.assign(failure, { code: sqlState(error), constraint: violatedConstraint(error) });
    failure.stack =
      error instanceof Error
        ? [failure.message, ...(error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))].join('\n')
        : undefined;
    throw failure;
  }
}
