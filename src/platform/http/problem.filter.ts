import { Catch, Inject, NotFoundException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Logger } from 'pino';
import { FieldCipher } from '../database/field-cipher.js';
import { LOG } from '../log.js';
import { logFailure, problemOf } from './failures.js';
import { inLanguageOf } from './language.js';
import { methodsOf, patternOf } from './methods.js';
import { Problem, problemView } from './problem.js';

/** A sign-in or a token that is refused, what nobody may, what is not there for the caller, and too much of anything. */
const DENIALS = new Set([401, 403, 404, 429]);

type Asked = Request & { id?: string; caller?: { personId: string; service?: { keyPrefix: string | null } } };

/** Every error leaves as one RFC 9457 problem without stack, SQL or personal data. A fault of the product is logged with its trace id. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    @Inject(LOG) private readonly log: Logger,
    private readonly cipher: FieldCipher,
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Asked>();
    const response = host.switchToHttp().getResponse<Response>();
    const allowed = thrown instanceof NotFoundException ? methodsOf(request) : [];
    const problem = allowed.length > 0 ? new Problem('method-not-allowed') : problemOf(thrown);
    const { status } = problem;
    if (status >= 500) logFailure(this.log, problem, thrown, request.id);
    else if (DENIALS.has(status)) this.log.info({ code: problem.code, ...this.whoWas(request) }, 'denied');
    if (response.headersSent) return void response.end();
    if (problem.more.retryAfterSeconds ?? status === 503) response.setHeader('Retry-After', String(problem.more.retryAfterSeconds ?? 2));
    if (allowed.length > 0) response.setHeader('Allow', allowed.join(', '));
    if (status === 401) response.setHeader('WWW-Authenticate', 'Bearer');
    response
      .status(status)
      .type('application/problem+json')
      .send(
        JSON.stringify({
          ...inLanguageOf(request, () => problemView(problem)),
          instance: patternOf(request),
          traceId: String(request.id ?? ''),
        }),
      );
  }

  /** Address and given name as keyed digests: equal ones are known again, and nobody reads them out of a log. */
  private whoWas(request: Asked): object {
    const { username } = (request.body ?? {}) as { username?: unknown };
    return {
      traceId: request.id,
      personId: request.caller?.personId,
      serviceKey: request.caller?.service?.keyPrefix ?? undefined,
      method: request.method,
      route: patternOf(request),
      address: this.cipher.index('address', request.ip ?? '').toString('hex'),
      ...(typeof username === 'string' ? { name: this.cipher.index('username', username.toLowerCase()).toString('hex') } : {}),
    };
  }
}
