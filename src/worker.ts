import { Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import pino, { type Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { CalendarStore } from './calendar/calendar-store.js';
import { DeadlineMoves } from './calendar/deadline-moves.js';
import { systemClock } from './clock.js';
import { configOrExit, type Config } from './config.js';
import { applicationOptions, connected } from './database/data-source.js';
import { FieldCipher } from './database/field-cipher.js';
import { demonstrationIdentity } from './demo/demonstration-identity.js';
import { deliver } from './events/delivery.js';
import { relay } from './events/relay.js';
import { identityFrom } from './identity/identity-from.js';
import type { IdentityAuthentication } from './identity/identity.js';
import { mail } from './mail/send.js';
import { transportTo } from './mail/transport.js';
import { derive } from './notifications/derive.js';
import { startUnfinished } from './organisation-changes/start-change.js';
import { periodically, type Periodic } from './periodic.js';
import { checkIdentities } from './requests/identity-checks.js';
import { startRetention } from './retention.js';
import { startCheckpoints } from './ledger/checkpoint.js';
import { SuspensionTerms } from './students/suspension-terms.js';
import { countOverdue } from './supervision/count-overdue.js';
import { StaleCases, type StaleDeps } from './supervision/stale-cases.js';
import { createCaseWorker } from './temporal/case-worker.js';
import { connectionOptions, lazyClient } from './temporal/connection.js';
import { ORDERS } from './temporal/order-wakes.js';
import { Reconciler } from './temporal/reconciler.js';
import { registerSearchAttributes } from './temporal/search-attributes.js';
import { wakeOne, Wakes, type Wake } from './temporal/wakes.js';

/** The worker process: workflows, activities, the reconciler, moves of deadlines, the ledger's checkpoints and retention. No Nest. */
async function main(config: Config, log: Logger): Promise<void> {
  Runtime.install({
    logger: new DefaultLogger('WARN', ({ level, message }) => log.warn({ level }, message)),
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
  const reconcilers = [new Reconciler({ ...wakes, clock: systemClock }), new Reconciler({ ...wakes, clock: systemClock }, ORDERS)];
  for (const reconciler of reconcilers) reconciler.start();
  const moves = new DeadlineMoves({ ...deps, ...wakes });
  moves.start();
  const terms = new SuspensionTerms({ ...deps, log });
  const periodic = [
    ...reconcilers,
    moves,
    startCheckpoints(db, config.anchorFile, systemClock, log),
    startRetention(db, systemClock, log),
    periodically(10 * 60_000, log, 'the terms of suspensions', () => terms.pass()),
    periodically(60_000, log, 'the start of mergers and closures', () => startUnfinished(wakes)),
    periodically(500, log, 'the relay of events', () => relay(db)),
    ...telling(deps, config, log),
    periodically(500, log, 'the authentication of identities', () =>
      checkIdentities({ ...deps, ...wakes, identity: identityFor(config, deps, log) }),
    ),
    periodically(1000, log, 'the delivery of webhooks', () => deliver({ ...deps, reach: config.webhookReach })),
  ];
  log.info('worker ready');
  process.send?.('ready');
  try {
    await worker.run();
  } finally {
    await Promise.all(periodic.map(async (one) => one.stop()));
    await Promise.all([operator.close(), connection.close()]);
    await db.destroy();
  }
}

/** What tells people and their supervisors; mail only with a server to send it by. */
function telling(deps: StaleDeps, { mail: server }: Config, log: Logger): Periodic[] {
  const stale = new StaleCases(deps);
  const loops = [
    periodically(500, log, 'the telling of people', () => derive(deps.db, deps.clock)),
    periodically(10 * 60_000, log, 'the count of overdue tasks', () => countOverdue(deps.db, deps.clock)),
    periodically(10 * 60_000, log, 'the note of stale cases', () => stale.pass()),
  ];
  if (!server) return loops;
  const transport = transportTo(server);
  return [...loops, periodically(5000, log, 'the sending of mail', () => mail({ ...deps, transport, from: server.from }))];
}

/** The demonstration's people are invented: no register knows what a visitor corrects. */
const identityFor = (config: Config, { db, cipher }: { db: DataSource; cipher: FieldCipher }, log: Logger): IdentityAuthentication =>
  config.demo && !config.identity ? demonstrationIdentity : identityFrom(config, db, cipher, log);

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
await main(config, pino({ level: config.logLevel, base: { process: 'worker' } }));
