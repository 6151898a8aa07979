import { randomUUID } from 'node:crypto';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { NextFunction, Request, Response } from 'express';
import helmet from 'helmet';
import type { Logger } from 'pino';
import { pinoHttp } from 'pino-http';
import { speaking } from '../platform/http/language.js';
import { patternOf } from '../platform/http/methods.js';
import { ImpatientAdapter } from '../platform/http/impatient-adapter.js';
import { compressed } from '../platform/http/compressed.js';
import { problemPages } from '../platform/http/problem-pages.js';
import { workbench } from '../platform/http/workbench.js';
import { requestBodies } from '../platform/http/body.js';
import type { Process } from '../platform/platform.module.js';
import { AppModule } from './app.module.js';
import { Metrics } from '../health/metrics.service.js';
import { nestLog, shownFailure } from '../platform/log.js';
import { declaredRoutes } from './declared-routes.js';
import { MadeAt } from './made-at.js';
import { documentOf, serveOpenApi } from './openapi.js';
import { fromTheUi } from '../platform/temporal/codec-origin.js';

/** Where the routes lie; what stands beside the API is for machines on this network, or a page for people. */
export const PREFIX = ['api/v1', { exclude: ['health/live', 'health/ready', 'metrics', 'verify', 'verify/*path'] }] satisfies [
  string,
  object,
];

/** Answers hold personal data: no cache on the way keeps them. */
const notStored = (_request: Request, response: Response, next: NextFunction): void => {
  response.setHeader('Cache-Control', 'no-store');
  next();
};

/** What a page of a configured origin may send and read; it has no cookies of ours, only a token that it was given. */
const openTo = (origins: readonly string[]) => ({
  origin: [...origins],
  methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
  allowedHeaders: ['Accept-Language', 'Authorization', 'Content-Type', 'Idempotency-Key', 'If-None-Match'],
  exposedHeaders: ['Content-Disposition', 'Content-Language', 'ETag', 'Idempotency-Replayed', 'Location', 'Retry-After'],
  maxAge: 600,
});

/** The API as an application that is not listening yet. */
export async function createApi(outside: Omit<Process, 'name' | 'log'>, log: Logger): Promise<INestApplication> {
  const app = await NestFactory.create<NestExpressApplication>(
    AppModule.over({ ...outside, name: 'xueji-api', log }),
    new ImpatientAdapter(outside.config.requestSeconds * 1000),
    {
      bodyParser: false,
      logger: nestLog(log),
    },
  );
  app.set('trust proxy', outside.config.trustProxy);
  app.disable('x-powered-by');
  app.use(requestLog(log));
  // TLS ends before us, or there is none on one machine
  app.use(helmet({ contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } } }));
  app.use(measured(() => app.get(Metrics)));
  app.use(compressed);
  if (outside.config.corsOrigins.length > 0) app.enableCors(openTo(outside.config.corsOrigins));
  app.use(workbench(), problemPages());
  app.use('/api/v1', notStored, speaking);
  app.use('/api/v1/codec', fromTheUi(outside.config.temporalUiOrigin));
  app.use(...requestBodies());
  app.setGlobalPrefix(...PREFIX);
  const routes = declaredRoutes(AppModule);
  app.useGlobalInterceptors(new MadeAt(routes, PREFIX[0]));
  serveOpenApi(app, routes);
  app.enableShutdownHooks();
  return app;
}

/** The OpenAPI document of the product, without a database: Nest reads the controllers and makes nothing of them. */
export async function apiDocument(): Promise<OpenAPIObject> {
  const nothing = { name: 'xueji-api', config: {}, clock: {}, log: {}, temporal: {} } as Process;
  const app = await NestFactory.create(AppModule.over(nothing), { preview: true, logger: false });
  app.setGlobalPrefix(...PREFIX);
  return documentOf(app, declaredRoutes(AppModule));
}

/** One line a request: route, status, time, trace id. No path, query, body or header: they may be personal. */
const requestLog = (log: Logger) =>
  pinoHttp({
    logger: log,
    genReqId: () => randomUUID(),
    autoLogging: { ignore: (request) => request.url?.startsWith('/health') === true || request.url === '/metrics' },
    // Known at the end only, when the request was routed.
    customSuccessObject: (request, _response, line: object) => ({ ...line, route: patternOf(request as Request) }),
    customErrorObject: (request, _response, _error, line: object) => ({ ...line, route: patternOf(request as Request) }),
    serializers: {
      req: ({ id, method }: { id: string; method: string }) => ({ id, method }),
      res: ({ statusCode }: { statusCode: number }) => ({ status: statusCode }),
      err: ({ raw }: { raw?: unknown }) => shownFailure(raw),
    },
  });

const measured = (metrics: () => Metrics) => (request: Request, response: Response, next: NextFunction) => {
  const began = process.hrtime.bigint();
  response.on('finish', () => {
    const route: unknown = (request.route as { path?: unknown } | undefined)?.path;
    metrics().observe(
      request.method,
      typeof route === 'string' ? route : 'none',
      response.statusCode,
      Number(process.hrtime.bigint() - began) / 1e9,
    );
  });
  next();
};
