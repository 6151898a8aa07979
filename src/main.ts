import { createApi } from './app/app.js';
import { systemClock } from './platform/clock.js';
import { configOrExit } from './platform/config.js';
import { logOf } from './platform/log.js';
import { serveMetrics } from './health/metrics-server.js';
import { lazyClient } from './platform/temporal/connection.js';

/** The API process. */
const config = configOrExit();
const log = logOf('api', config.logLevel);
const app = await createApi({ config, clock: systemClock, temporal: await lazyClient(config) }, log);
await app.listen(config.port, config.host);
if (config.metricsPort) serveMetrics(app, config.metricsPort, config.host);
if (!config.demo && !config.scanner) log.warn('no scanner is configured (SCANNER_URL): uploads are not looked through for malware');
log.info({ port: config.port }, 'api ready');
process.send?.('ready');
