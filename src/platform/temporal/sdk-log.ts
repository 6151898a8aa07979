import { DefaultLogger, type LogEntry } from '@temporalio/worker';
import type { Logger } from 'pino';
import { isShownFailure } from '../log.js';

/** The members by which an operator finds the run in the Web UI, and the case. The rest of an entry may hold payloads. */
const KEPT = ['sdkComponent', 'workflowType', 'workflowId', 'runId', 'activityType', 'activityId', 'attempt', 'requestId'] as const;

const LEVELS = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;

/**
 * What the SDK and activities log, in the log of the process, with the run that it is about. Of a failure it has what `shownFailure` shows.
 * An activity hands it over as `failure`, because the SDK's logger knows no serializers.
 */
export const sdkLog = (log: Logger): DefaultLogger =>
  new DefaultLogger('WARN', ({ level, message, meta = {} }: LogEntry) => {
    const about = Object.fromEntries(KEPT.flatMap((key) => (meta[key] === undefined ? [] : [[key, meta[key] as unknown]])));
    const failure: unknown = isShownFailure(meta.failure) ? meta.failure : meta.error;
    log[LEVELS[level]]({ ...about, ...(failure === undefined ? {} : { err: failure }) }, message);
  });
