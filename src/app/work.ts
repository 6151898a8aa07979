import { NativeConnection, Runtime } from '@temporalio/worker';
import type { Logger } from 'pino';
import { CalendarStore } from '../calendar/calendar.store.js';
import { startBackground } from './background.js';
import type { Clock } from '../platform/clock.js';
import type { Config } from '../platform/config.js';
import { applicationOptions, connected } from '../platform/database/data-source.js';
import { FieldCipher } from '../platform/database/field-cipher.js';
import { createCaseWorker } from './case-worker.js';
import { connectionOptions, lazyClient } from '../platform/temporal/connection.js';
import { sdkLog } from '../platform/temporal/sdk-log.js';
import { wakeOne, Wakes, type Wake } from '../cases/wakes.js';

/** What a worker process does until it is told to end: workflows, activities, and what goes on in the background. No Nest. */
export async function runWorker(config: Config, log: Logger, clock: Clock): Promise<void> {
  Runtime.install({
    logger: sdkLog(log),
    shutdownSignals: ['SIGINT', 'SIGTERM'],
    telemetryOptions: config.workerMetricsPort
      ? { metrics: { prometheus: { bindAddress: `${config.host}:${config.workerMetricsPort}` } } }
      : {},
  });
  const db = await connected(applicationOptions(config.databaseUrl, config.databasePool, 'xueji-worker'));
  const connection = await NativeConnection.connect(await connectionOptions(config));
  const wakes = { db, client: await lazyClient(config), taskQueue: config.temporal.taskQueue, log };
  const waking = new Wakes((wake) => wakeOne(wakes, wake));
  const deps = {
    db,
    clock,
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
    await connection.close();
    await db.destroy();
  }
}
