import { Catch, Inject, NotFoundException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Logger } from 'pino';
import { LOG } from '../log.js';
import { shownPath } from './address.js';
import { logFailure, problemOf } from './failures.js';
import { methodsOf } from './methods.js';
import { Problem, problemView } from './problem.js';

/** Every error leaves as one RFC 9457 problem without stack, SQL or personal data. A fault of the product is logged with its trace id. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(@Inject(LOG) private readonly log: Logger) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Request & { id?: string; caller?: { personId: string } }>();
    const response = host.switchToHttp().getResponse<Response>();
    const allowed = thrown instanceof NotFoundException ? methodsOf(request) : [];
    const problem = allowed.length > 0 ? new Problem('method-not-allowed') : problemOf(thrown);
    const { status } = problem;
    if (status >= 500) logFailure(this.log, problem, thrown, request.id);
    else if (status === 403 || status === 404)
      this.log.info(
        {
          traceId: request.id,
          code: problem.code,
          personId: request.caller?.personId,
          method: request.method,
          path: request.route ? String(request.route.path) : undefined,
        },
        'denied',
      );
    if (response.headersSent) return void response.end();
    if (problem.more.retryAfterSeconds ?? status === 503) response.setHeader('Retry-After', String(problem.more.retryAfterSeconds ?? 2));
    if (allowed.length > 0) response.setHeader('Allow', allowed.join(', '));
    if (status === 401) response.setHeader('WWW-Authenticate', 'Bearer');
    response
      .status(status)
      .type('application/problem+json')
      .send(JSON.stringify({ ...problemView(problem), instance: shownPath(request.originalUrl), traceId: String(request.id ?? '') }));
  }
}
