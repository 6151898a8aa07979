import { createServer, type Server } from 'node:http';
import type { INestApplication } from '@nestjs/common';
import { Metrics } from './metrics.service.js';

/** Serves the metrics on a port of their own, for the inside. It closes with the application's server. */
export function serveMetrics(app: INestApplication, port: number, host: string): Server {
  const server = createServer((request, response) => {
    if (request.method !== 'GET' || request.url !== '/metrics') return void response.writeHead(404).end();
    app
      .get(Metrics)
      .registry.metrics()
      .then(
        (text) => response.writeHead(200, { 'Content-Type': 'text/plain; version=0.0.4' }).end(text),
        () => response.writeHead(503).end(),
      );
  });
  (app.getHttpServer() as Server).once('close', () => server.close());
  return server.listen(port, host);
}
