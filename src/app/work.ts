import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { getDataSourceToken } from '@nestjs/typeorm';
import { NativeConnection, Runtime } from '@temporalio/worker';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { CaseContext } from '../cases/case-context.js';
import { Wakes, type Wake } from '../cases/wakes.js';
import { IDENTITY, type IdentityAuthentication } from '../identity/identity.js';
import type { Clock } from '../platform/clock.js';
import type { Config } from '../platform/config.js';
import { nestLog } from '../platform/log.js';
import { connectionOptions, lazyClient } from '../platform/temporal/connection.js';
import { sdkLog } from '../platform/temporal/sdk-log.js';
import { AppModule } from './app.module.js';
import { startBackground } from './background.js';
import { createCaseWorker } from './case-worker.js';

/** Runs a worker process until it is told to end: workflows, activities and background loops. */
export async function runWorker(config: Config, log: Logger, clock: Clock): Promise<void> {
  Runtime.install({
    logger: sdkLog(log),
    shutdownSignals: ['SIGINT', 'SIGTERM'],
    telemetryOptions: config.workerMetricsPort
      ? { metrics: { prometheus: { bindAddress: `${config.host}:${config.workerMetricsPort}` } } }
      : {},
  });
  const client = await lazyClient(config);
  // Without shutdown hooks: the SDK alone hears the signals, and the database stays until the last activity has ended.
  const app = await NestFactory.createApplicationContext(AppModule.over({ name: 'xueji-worker', config, clock, log, temporal: client }), {
    logger: nestLog(log),
    abortOnError: false,
  });
  const connection = await NativeConnection.connect(await connectionOptions(config));
  const deps = depsIn(app);
  const worker = await createCaseWorker(connection, config, deps);
  const background = startBackground(config, { ...deps, client, taskQueue: config.temporal.taskQueue, log });
  log.info('worker ready');
  process.send?.('ready');
  try {
    await worker.run();
  } finally {
    await Promise.all(background.map(async (one) => one.stop()));
    await connection.close();
    await app.close();
  }
}

/** What activities and the background work with: the very providers of the API. */
function depsIn(app: INestApplicationContext) {
  const { clock, cipher, calendar } = app.get(CaseContext);
  const waking = app.get(Wakes);
  return {
    db: app.get<DataSource>(getDataSourceToken()),
    clock,
    cipher,
    calendar,
    wake: (one: Wake) => waking.wake(one),
    identity: app.get<IdentityAuthentication>(IDENTITY),
  };
}
