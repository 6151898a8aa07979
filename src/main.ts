import { createApi } from './app.js';
import { systemClock } from './clock.js';
import { configOrExit } from './config.js';
import { logOf } from './log.js';
import { serveMetrics } from './health/metrics-server.js';
import { lazyClient } from './temporal/connection.js';

/** The API process. */
const config = configOrExit();
const log = logOf('api', config.logLevel);
const app = await createApi({ config, clock: systemClock, temporal: await lazyClient(config) }, log);
await app.listen(config.port, config.host);
if (config.metricsPort) serveMetrics(app, config.metricsPort, config.host);
log.info({ port: config.port }, 'api ready');
process.send?.('ready');
