import { Connection } from '@temporalio/client';
import type { Logger } from 'pino';
import { systemClock } from './platform/clock.js';
import { configOrExit, type Config } from './platform/config.js';
import { logOf } from './platform/log.js';
import { endAfterStandstill } from './platform/standstill.js';
import { connectionOptions } from './platform/temporal/connection.js';
import { registerSearchAttributes } from './platform/temporal/search-attributes.js';
import { runWorker } from './app/work.js';

/** Temporal may start after the worker, so it is asked again for a minute. */
async function patiently<T>(log: Logger, connect: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await connect();
    } catch (error) {
      if (attempt >= 30) throw error;
      log.warn({ attempt }, 'Temporal does not answer yet');
      await new Promise((resolve) => setTimeout(resolve, 2000));
    }
  }
}

async function withSearchAttributes(config: Config, log: Logger): Promise<void> {
  const operator = await patiently(log, async () => Connection.connect(await connectionOptions(config)));
  await registerSearchAttributes(operator, config.temporal.namespace);
  await operator.close();
}

/** The worker process. */
const config = configOrExit();
const log = logOf('worker', config.logLevel);
endAfterStandstill(log);
await withSearchAttributes(config, log);
await runWorker(config, log, systemClock);
