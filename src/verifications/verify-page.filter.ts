import { Catch, Inject, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Logger } from 'pino';
import { MESSAGES } from '../domain/messages/messages.js';
import { Problem } from '../platform/http/problem.js';
import { LOG } from '../platform/log.js';
import { pageLanguage, typedIn } from './verify-page.form.js';
import { verifyPage, type Page } from './verify-page.view.js';

/** No script but the page's own file, no style but its own, and no place in another page. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  'img-src data:',
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

export function servePage(response: Response, status: number, page: Page): void {
  response
    .status(status)
    .setHeader('Content-Security-Policy', POLICY)
    .setHeader('Cache-Control', 'no-store')
    .setHeader('Content-Language', page.language)
    .vary('Accept-Language')
    .type('html')
    .send(verifyPage(page));
}

/** Who came with the page is told by the page: what was typed stays, and nothing was verified. */
@Catch(Problem)
export class VerifyPageFilter implements ExceptionFilter<Problem> {
  constructor(@Inject(LOG) private readonly log: Logger) {}

  catch(problem: Problem, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Request & { id?: string }>();
    const response = host.switchToHttp().getResponse<Response>();
    const { code, status, more } = problem;
    this.log.info({ code, traceId: request.id, route: '/verify' }, 'denied');
    if (more.retryAfterSeconds) response.setHeader('Retry-After', String(more.retryAfterSeconds));
    const { form, typed } = typedIn(request.body);
    servePage(response, status, { language: pageLanguage(request, request.query.lang), form, typed, failure: MESSAGES[code] });
  }
}
