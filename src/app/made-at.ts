import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { Request, Response } from 'express';
import { tap, type Observable } from 'rxjs';
import type { DeclaredRoute } from './declared-routes.js';

/** The routes below which a thing is read by its id. */
export const readById = (routes: readonly DeclaredRoute[]): ReadonlySet<string> =>
  new Set(
    routes.filter(({ method, path }) => method === 'GET' && path.endsWith('/{id}')).map(({ path }) => path.slice(0, -'/{id}'.length)),
  );

/** Says of a thing that was made where it is read, in `Location`. */
export class MadeAt implements NestInterceptor {
  private readonly paths: ReadonlySet<string>;

  constructor(routes: readonly DeclaredRoute[], prefix: string) {
    this.paths = new Set([...readById(routes)].map((path) => `/${prefix}${path}`));
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    return next.handle().pipe(tap((answer: unknown) => this.locate(answer, http.getRequest<Request>(), http.getResponse<Response>())));
  }

  private locate(answer: unknown, { route }: Request, response: Response): void {
    const path: unknown = (route as { path?: unknown } | undefined)?.path;
    if (response.statusCode !== 201 || typeof path !== 'string' || !this.paths.has(path)) return;
    if (typeof answer === 'object' && answer !== null && 'id' in answer) response.setHeader('Location', `${path}/${String(answer.id)}`);
  }
}
