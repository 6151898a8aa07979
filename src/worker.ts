import { Connection } from '@temporalio/client';
import { NativeConnection, Runtime } from '@temporalio/worker';
import type { Logger } from 'pino';
import { CalendarStore } from './calendar/calendar-store.js';
import { startBackground } from './background.js';
import { systemClock } from './clock.js';
import { configOrExit, type Config } from './config.js';
import { applicationOptions, connected } from './database/data-source.js';
import { FieldCipher } from './database/field-cipher.js';
import { logOf } from './log.js';
import { createCaseWorker } from './temporal/case-worker.js';
import { connectionOptions, lazyClient } from './temporal/connection.js';
import { registerSearchAttributes } from './temporal/search-attributes.js';
import { sdkLog } from './temporal/sdk-log.js';
import { wakeOne, Wakes, type Wake } from './temporal/wakes.js';

/** The worker process: workflows, activities, and what goes on in the background. No Nest. */
async function main(config: Config, log: Logger): Promise<void> {
  Runtime.install({
    logger: sdkLog(log),
    shutdownSignals: ['SIGINT', 'SIGTERM'],
    telemetryOptions: config.workerMetricsPort
      ? { metrics: { prometheus: { bindAddress: `${config.host}:${config.workerMetricsPort}` } } }
      : {},
  });
  const db = await connected(applicationOptions(config.databaseUrl, config.databasePool, 'xueji-worker'));
  const connection = await patiently(log, async () => NativeConnection.connect(await connectionOptions(config)));
  const operator = await Connection.connect(await connectionOptions(config));
  await registerSearchAttributes(operator, config.temporal.namespace);
  const wakes = { db, client: await lazyClient(config), taskQueue: config.temporal.taskQueue, log };
  const waking = new Wakes((wake) => wakeOne(wakes, wake));
  const deps = {
    db,
    clock: systemClock,
    cipher: new FieldCipher(config.fieldKey, config.indexKey),
    calendar: new CalendarStore(),
    wake: (one: Wake) => waking.wake(one),
  };
  const worker = await createCaseWorker(connection, config, deps);
  const background = startBackground(config, { ...deps, ...wakes });
  log.info('worker ready');
  process.send?.('ready');
  try {
    await worker.run();
  } finally {
    await Promise.all(background.map(async (one) => one.stop()));
    await Promise.all([operator.close(), connection.close()]);
    await db.destroy();
  }
}

/** Temporal may come up after us: ask again for a minute. */
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

const config = configOrExit();
await main(config, logOf('worker', config.logLevel));
