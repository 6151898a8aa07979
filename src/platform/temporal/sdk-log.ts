import { DefaultLogger, type LogEntry } from '@temporalio/worker';
import type { Logger } from 'pino';

/** The members by which an operator finds the run in the Web UI. The rest of an entry may hold payloads. */
const KEPT = ['sdkComponent', 'workflowType', 'workflowId', 'runId', 'activityType', 'activityId', 'attempt'] as const;

/** The SDK's warnings in the log of the process, with the run that they are about. */
export const sdkLog = (log: Logger): DefaultLogger =>
  new DefaultLogger('WARN', ({ level, message, meta = {} }: LogEntry) => {
    const about = Object.fromEntries(KEPT.flatMap((key) => (meta[key] === undefined ? [] : [[key, meta[key] as unknown]])));
    log.warn({ level, ...about, ...(meta.error === undefined ? {} : { err: meta.error as unknown }) }, message);
  });
