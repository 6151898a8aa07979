import { Catch, HttpException, NotFoundException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Logger } from 'pino';
import { sqlState, violatedConstraint } from '../database/in-scope.js';
import type { MessageCode } from '../domain/messages.js';
import { shownPath } from './address.js';
import { methodsOf } from './methods.js';
import { Problem, problemView } from './problem.js';

const BY_STATUS: Readonly<Record<number, MessageCode>> = {
  400: 'bad-request',
  401: 'unauthenticated',
  404: 'not-found',
  405: 'method-not-allowed',
  413: 'payload-too-large',
  415: 'unsupported-media-type',
  429: 'too-many-requests',
};
/** What a database failure means to a client; the rest is `internal`. */
const BY_SQL_STATE: Readonly<Record<string, MessageCode>> = {
  '53100': 'storage-full',
  '55P03': 'busy',
  '57014': 'busy',
  '53300': 'busy',
  '40001': 'busy',
  '40P01': 'busy',
  '22021': 'invalid-input', // a character that PostgreSQL cannot store
  '22P05': 'invalid-input',
};
const CONNECTION = /^(08|57P)|^(ECONNREFUSED|ECONNRESET|EPIPE|ENOTFOUND|ETIMEDOUT)$/;

/** Every error leaves as one RFC 9457 problem without stack, SQL or personal data; what is our fault is logged with its trace id. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: Logger) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Request & { id?: string }>();
    const response = host.switchToHttp().getResponse<Response>();
    const allowed = thrown instanceof NotFoundException ? methodsOf(request) : [];
    const problem = allowed.length > 0 ? new Problem('method-not-allowed') : asProblem(thrown);
    const { status } = problem;
    if (status >= 500)
      this.log.error(
        { traceId: request.id, code: problem.code, sqlState: sqlState(thrown), ...(status === 500 ? failureOf(thrown) : {}) },
        'request failed',
      );
    else if (status === 403 || status === 404)
      this.log.info(
        { traceId: request.id, code: problem.code, method: request.method, path: request.route ? String(request.route.path) : undefined },
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

/** What of our own failure is logged: its name and where it happened. Its message may quote what a person entered. */
function failureOf(thrown: unknown): { failure: string; frames: string[] } {
  if (!(thrown instanceof Error)) return { failure: typeof thrown, frames: [] };
  return { failure: thrown.name, frames: (thrown.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line)) };
}

function asProblem(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  if (thrown instanceof HttpException) return new Problem(BY_STATUS[thrown.getStatus()] ?? 'bad-request');
  if (/^change_request_one_(open|death)$/.test(violatedConstraint(thrown) ?? '')) return new Problem('change-already-open');
  const state = sqlState(thrown) ?? '';
  if (BY_SQL_STATE[state]) return new Problem(BY_SQL_STATE[state]);
  if (CONNECTION.test(state) || isTimeout(thrown)) return new Problem('busy');
  return expressProblem(thrown) ?? new Problem('internal');
}

const isTimeout = (thrown: unknown): boolean =>
  thrown instanceof Error && /timeout exceeded when trying to connect|Connection terminated/.test(thrown.message);

/** Failures of express and its body parsers carry a status of their own. */
function expressProblem(thrown: unknown): Problem | undefined {
  if (typeof thrown !== 'object' || thrown === null || !('status' in thrown) || typeof thrown.status !== 'number') return undefined;
  return thrown.status < 500 ? new Problem(BY_STATUS[thrown.status] ?? 'bad-request') : undefined;
}
